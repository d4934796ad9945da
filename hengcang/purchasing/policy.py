"""采购设置: what the book holds purchasing to."""

from hengcang.kernel.actor import Actor
from hengcang.purchasing.watching_models import PurchasePolicy


def purchase_policy(actor: Actor) -> PurchasePolicy:
    """The book's settings; the proposal where nothing was set."""
    assert actor is not None
    return PurchasePolicy.objects.filter(id=1).first() or PurchasePolicy()
