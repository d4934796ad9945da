"""`python -m tests.pending_migrations` fails when a model changed without its migration.

`makemigrations --check` would first ask a database, and here there is none without a book.
"""

import sys

from tests import environment


def main() -> int:
    environment.prepare()
    from django.apps import apps
    from django.db.migrations.autodetector import MigrationAutodetector
    from django.db.migrations.loader import MigrationLoader
    from django.db.migrations.state import ProjectState
    from django.utils.translation import deactivate_all

    deactivate_all()
    loader = MigrationLoader(None)
    clashes = loader.detect_conflicts()
    detector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    changes = detector.changes(graph=loader.graph)
    for label, migrations in sorted(changes.items()):
        for migration in migrations:
            for operation in migration.operations:
                sys.stderr.write(f"{label}: {operation.describe()}\n")
    for label, names in clashes.items():
        sys.stderr.write(f"{label}: {', '.join(names)} both claim to be the last\n")
    return 1 if changes or clashes else 0


if __name__ == "__main__":
    sys.exit(main())
