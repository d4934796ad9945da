"""One clerk of the race: a process that posts the deliveries it is told, when it is told to.

python -m tests.benchmarks.writer BOOK SECONDS, then on standard input a line of ids and a line to
start. It says "ready", and in the end how many it has posted in those seconds.
"""

import os
import sys
import time

WARM_UP = 20  # a web server has done this long ago: imports, plans, first pages of memory


def main() -> None:
    """As many of the deliveries as the seconds allow are posted, one after the other."""
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
        end = time.monotonic() + float(sys.argv[2])
        for count, target in enumerate(targets[WARM_UP:]):
            deliveries.post_delivery(target, actor=SYSTEM)
            if time.monotonic() > end:
                sys.stdout.write(f"{count}\n")  # the last one came too late
                return
    raise AssertionError("more deliveries are needed for these seconds")


if __name__ == "__main__":
    main()
