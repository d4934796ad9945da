"""Who asks is part of every question and every act."""

import ast

from tests.architecture import sources

# Reads that come before there is an actor, or that belong to the host's operator.
WITHOUT_ACTOR = {
    "hengcang/books/queries.py": "the directory belongs to the host's operator",
}
WITHOUT_ACTOR_FUNCTIONS: dict[str, str] = {
    "hengcang/catalog/queries.py:items_of_lines": "asked by actions that have demanded already",
    "hengcang/compliance/queries.py:altered_lines": "verification sees everything",
    "hengcang/identity/queries.py:actor_of": "makes the actor",
    "hengcang/identity/queries.py:key_holder": "finds who asks",
    "hengcang/identity/queries.py:is_unclaimed": "asked before there is any user",
    "hengcang/identity/queries.py:open_setup_token": "asked before there is any user",
    "hengcang/ledger/queries.py:terms": "the book's settings, equal for all",
    "hengcang/ledger/queries.py:terms_today": "the book's settings, equal for all",
    "hengcang/ledger/queries.py:input_tax": "the book's settings, equal for all",
    "hengcang/purchasing/queries.py:has_followers": "asked by actions that have demanded already",
    "hengcang/sales/queries.py:has_followers": "asked by actions that have demanded already",
    "hengcang/ledger/queries.py:is_live": "the book's settings, equal for all",
    "hengcang/ledger/queries.py:is_posted": "asked by actions that have demanded already",
    "hengcang/ledger/queries.py:first_dated_after": "asked by actions that have demanded already",
}


def test_the_first_parameter_of_every_public_query_is_the_actor() -> None:
    nameless = []
    for path, tree in sources.modules().items():
        file = sources.name(path)
        inside = path.name == "queries.py" or "queries" in path.parent.parts
        if not inside or file in WITHOUT_ACTOR:
            continue
        for node in tree.body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            first = [argument.arg for argument in (*node.args.posonlyargs, *node.args.args)][:1]
            if first != ["actor"] and f"{file}:{node.name}" not in WITHOUT_ACTOR_FUNCTIONS:
                nameless.append(f"{file}:{node.name}")
    assert not nameless


def test_every_excuse_is_still_needed() -> None:
    existing = {
        f"{sources.name(path)}:{function.name}"
        for path, tree in sources.modules().items()
        for function in sources.functions(tree)
    }
    assert set(WITHOUT_ACTOR_FUNCTIONS) <= existing


def test_nobody_listens_to_signals() -> None:
    listening = [
        sources.name(path)
        for path, tree in sources.modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and node.module in SIGNALS
    ]
    assert not listening


SIGNALS = {"django.dispatch", "django.db.models.signals", "django.core.signals"}
