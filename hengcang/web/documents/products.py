"""The fields above the lines of a document that makes one thing of others, or others of one."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from hengcang.kernel.actor import Actor, FieldClass
from hengcang.kernel.numbers import shown
from hengcang.pages.forms import Field
from hengcang.web.documents.layouts import Layout

PRODUCT = (
    *("product", "product_quantity", "product_batch_no", "product_expiry_date"),
    *("product_bin_code", "product_serials", "extra_cost"),
)
TYPED = ("product_typed", *PRODUCT)
"""Fields that a form posts as they are."""


def saved(document: Any) -> dict[str, str]:
    """What is made, as texts; nothing on documents that make nothing."""
    product = getattr(document, "product", None)
    if product is None:
        return {}
    batch, place = document.product_batch, document.product_bin
    extra = getattr(document, "extra_cost", None)
    return {
        "product": str(product.pk),
        "product_typed": product.name,
        "product_quantity": shown(document.product_quantity),
        "product_batch_no": batch.batch_no if batch else "",
        "product_expiry_date": str(batch.expiry_date or "") if batch else "",
        "product_bin_code": place.code if place else "",
        "product_serials": "\n".join(getattr(document, "product_serials", ())),
        "extra_cost": "" if extra is None else f"{extra:.2f}",
    }


def hides_extra(actor: Actor, document: Any) -> bool:
    """Whether what somebody else added to the cost must not reach the actor."""
    stated = getattr(document, "extra_cost", None) is not None
    return stated and document.created_by_id != actor.id and not actor.sees(FieldClass.COST)


def shown_to(actor: Actor, document: Any, head: dict[str, str]) -> dict[str, str]:
    """The head of a stored document without what is hidden from the actor."""
    return head | {"extra_cost": ""} if hides_extra(actor, document) else head


def fields(layout: Layout, head: Mapping[str, str], errors: Mapping[str, str]) -> list[Field]:
    """The fields, where the layout has a product."""
    if not layout.product_label:
        return []
    made = Field(
        "product",
        layout.product_label,
        "pick",
        head.get("product", ""),
        shown=head.get("product_typed", ""),
        url=reverse("item-options"),
        error=errors.get("product", ""),
        required=True,
        help="配件留空保存，就按物料清单带出",
    )
    texts = [
        ("product_quantity", "成品数量（基本单位）", True),
        ("product_batch_no", "成品批号", False),
        ("product_bin_code", "成品库位", False),
    ]
    if layout.extra_label:
        texts += [("product_expiry_date", "成品有效期至", False)]
        texts += [("extra_cost", layout.extra_label, False)]
    more = [
        Field(name, label, "text", head.get(name, ""), error=errors.get(name, ""), required=must)
        for name, label, must in texts
    ]
    return [made, *more]


def numbers(head: Mapping[str, str], errors: Mapping[str, str]) -> list[Field]:
    """The field of the product's serial numbers, in books that have such goods."""
    return [
        Field(
            "product_serials",
            "成品序列号",
            "textarea",
            head.get("product_serials", ""),
            error=errors.get("product_serials", ""),
            help="按序列号管理的成品每件一个；SN001*60 为连续 60 个",
        )
    ]
