"""Jobs of the register."""

from procrastinate.contrib.django import app

from hengcang.register.checking import check_books


@app.task(name="register.verify", lock="register.verify", queueing_lock="register.verify")
def verify(timestamp: int = 0) -> int:
    """The current book is checked and a note of it kept; how many differences there are.

    `timestamp` is the hour it was due. Running twice leaves two notes and nothing else.
    """
    return len(check_books())
