"""`python -m tests.stop`: the test cluster is down and, when it lived in memory, gone."""

import shutil
import sys

from tests import environment


def main() -> int:
    environment.prepare()
    from hengcang.books import cluster, server

    if server.embedded():
        ours = cluster.default()
        ours.stop()
        if ours.folder.is_relative_to(environment.SHARED_MEMORY):
            shutil.rmtree(ours.folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
