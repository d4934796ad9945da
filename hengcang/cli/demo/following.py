"""Goods of the demo company that are followed: by batch, piece by piece, and on the road."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

from hengcang.cli.demo.desk import intent, target_of
from hengcang.cli.demo.errands import Errands, some_partners
from hengcang.cli.demo.inspecting import rare_ids, received
from hengcang.cli.demo.rare_goods import GLUE, PRINTER
from hengcang.documents.drafts import LineDraft
from hengcang.documents.flow import Status
from hengcang.kernel.actor import SYSTEM
from hengcang.partners.queries import Role
from hengcang.sales import queries as sales
from hengcang.sales.actions import deliveries, exchanges, returns
from hengcang.sales.actions.shipments import Sending, Signature, send_delivery, sign_shipment
from hengcang.sales.actions.standing import RhythmDraft, save_standing_order
from hengcang.sales.exchange_queries import exchange_draft

GOOD_FOR = (18, 95, 320)  # days until the batches of glue expire: the first is near
PIECES, SOLD, BACK = 10, 3, 1
CARRIERS = (("顺丰速运", "SF10"), ("德邦快递", "DPK20"), ("中通快运", "ZTK30"))


def follow(errands: Errands) -> None:
    """Glue came in batches, printers with their numbers; some were sold, one came back."""
    ids = rare_ids()
    _glue(errands, ids[GLUE.code])
    _printers(errands, ids[PRINTER.code])


def _glue(errands: Errands, item: int) -> None:
    """Of the batch that expires first some was sold."""
    lines = []
    for left in GOOD_FOR:
        expiry = errands.today + timedelta(days=left)
        made = expiry - timedelta(days=365)
        lines.append(
            LineDraft(
                item,
                Decimal(48),
                price=GLUE.purchase_price,
                batch_no=f"J{made:%y%m%d}",
                mfg_date=made,
                expiry_date=expiry,
            )
        )
    received(errands, "glue", tuple(lines))
    _sold(errands, "glue", LineDraft(item, Decimal(30), price=GLUE.sale_price))


def _printers(errands: Errands, item: int) -> None:
    numbers = tuple(f"BQ26{number:05d}" for number in range(701, 701 + PIECES))
    came = LineDraft(item, Decimal(PIECES), price=PRINTER.purchase_price, serials=numbers)
    received(errands, "printers", (came,))
    gone = LineDraft(item, Decimal(SOLD), price=PRINTER.sale_price, serials=numbers[:SOLD])
    _take_back(errands, _sold(errands, "printers", gone), numbers[:BACK])


def _sold(errands: Errands, name: str, line: LineDraft) -> Any:
    [buyer] = some_partners(Role.CUSTOMER, 1)
    lead = errands.staff["xiaoshou"]
    draft = errands.paper(f"sold:{name}", errands.places[0], (line,), partner_id=buyer.pk)
    made = deliveries.save_delivery(draft, actor=lead)
    return deliveries.post_delivery(target_of(made), actor=lead)


def _take_back(errands: Errands, delivery: Any, numbers: tuple[str, ...]) -> None:
    lead = errands.staff["xiaoshou"]
    [line] = sales.returnable_lines(SYSTEM, delivery.pk)
    draft = sales.return_draft(
        lead,
        delivery,
        {line.pk: Decimal(len(numbers))},
        on=errands.today,
        client_uuid=intent("printer back"),
    )
    lines = tuple(replace(one, serials=numbers) for one in draft.lines)
    filled = replace(draft, lines=lines, reason="打印模糊，客户退货")
    made = returns.save_return(filled, actor=lead)
    returns.post_return(target_of(made), actor=lead)


def swap(errands: Errands) -> None:
    """Some glue came back for other glue; a second swap was undone, a third waits."""
    lead, keeper = errands.staff["xiaoshou"], errands.staff["cangguan"]
    glue = rare_ids()[GLUE.code]
    delivery = _sold(errands, "to swap", LineDraft(glue, Decimal(12), price=GLUE.sale_price))
    [line] = sales.returnable_lines(SYSTEM, delivery.pk)[:1]
    for at, reason in enumerate(("包装破损，换货", "客户多要一支，换货", "临近有效期，换货")):
        back = exchange_draft(
            lead,
            delivery,
            {line.pk: Decimal(2)},
            on=errands.today,
            client_uuid=intent(f"swap:{at}"),
        )
        instead = LineDraft(glue, Decimal(2 + at), stock_status="", direction="out")
        filled = replace(back, lines=(*back.lines, instead), reason=reason)
        made = exchanges.save_exchange(filled, actor=lead)
        if at < 2:
            made = exchanges.post_exchange(target_of(made), actor=keeper)
        if at == 1:
            undo = errands.undo("undo swap", "客户不换了")
            exchanges.reverse_exchange(target_of(made), undo, actor=errands.staff["caiwu"])


def send(errands: Errands) -> None:
    """Three deliveries are with carriers, the first was signed; one order comes every week."""
    today, keeper = errands.today, errands.staff["cangguan"]
    posted = sales.deliveries(keeper).filter(status=Status.POSTED, reversal_of=None)
    for at, (delivery, (carrier, prefix)) in enumerate(zip(posted[:3], CARRIERS, strict=True)):
        number = f"{prefix}{errands.dice.randrange(10**9):09d}"
        sending = Sending(intent(f"sending:{at}"), carrier, today, (number,))
        [shipment] = send_delivery(delivery.pk, sending, today=today, actor=keeper)
        if at == 0:
            signed = Signature(intent("signed"), "前台代收", today, "外箱轻微破损，数量无误")
            sign_shipment(shipment.pk, signed, today=today, actor=keeper)
    _stand(errands)


def _stand(errands: Errands) -> None:
    lead, today = errands.staff["xiaoshou"], errands.today
    order = sales.orders(lead).exclude(status=Status.VOIDED).first()
    assert order is not None
    rhythm = RhythmDraft("weekly", 1, today + timedelta(days=7), note="每周固定补货")
    uuid = intent("standing order")
    save_standing_order(order.pk, rhythm, client_uuid=uuid, today=today, actor=lead)
