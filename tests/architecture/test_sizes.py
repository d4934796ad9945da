"""Small files, small functions, names that say who is responsible."""

from tests.architecture import sources

LONGEST_FUNCTION, LONGEST_FILE = 60, 400
# base.py: Django demands this name of a database backend.
EXCUSED_NAMES = {"hengcang/books/backend/base.py"}
NAMELESS = {"utils.py", "helpers.py", "common.py", "base.py", "manager.py", "misc.py"}


def test_functions_are_short() -> None:
    long = [
        f"{sources.name(path)}:{function.lineno} {function.name}"
        for path, tree in sources.modules().items()
        for function in sources.functions(tree)
        if (function.end_lineno or 0) - function.lineno + 1 > LONGEST_FUNCTION
    ]
    assert not long


def test_files_are_short() -> None:
    long = [
        sources.name(path)
        for path in sources.modules()
        if len(path.read_text().splitlines()) > LONGEST_FILE
    ]
    assert not long


def test_a_file_name_says_what_is_in_it() -> None:
    names = {sources.name(path) for path in sources.modules() if path.name in NAMELESS}
    assert names <= EXCUSED_NAMES


def test_every_file_says_what_it_is_for() -> None:
    import ast

    silent = [
        sources.name(path)
        for path, tree in sources.modules().items()
        if tree.body and not ast.get_docstring(tree)
    ]
    assert not silent
