"""One clerk of the race: a process that posts the deliveries it is told, when it is told to.

python -m tests.benchmarks.writer BOOK, then on standard input a line of ids and a line to start.
"""

import os
import sys

WARM_UP = 20  # a web server has done this long ago: imports, plans, first pages of memory


def main() -> None:
    """Says "ready" when connected; every delivery is posted when the process ends with 0."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "hengcang.settings"
    import django

    django.setup()

    from hengcang.books.switch import using_book
    from hengcang.documents.drafts import Target
    from hengcang.kernel.actor import SYSTEM
    from hengcang.sales.actions import deliveries

    targets = [Target(int(word), 1) for word in sys.stdin.readline().split()]
    with using_book(sys.argv[1]):
        for target in targets[:WARM_UP]:
            deliveries.post_delivery(target, actor=SYSTEM)
        sys.stdout.write("ready\n")
        sys.stdout.flush()
        sys.stdin.readline()
        for target in targets[WARM_UP:]:
            deliveries.post_delivery(target, actor=SYSTEM)


if __name__ == "__main__":
    main()
