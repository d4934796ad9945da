"""THE BOOKS: what is where, what it cost, what is owed.

The only writer is the door in actions.py.
"""
