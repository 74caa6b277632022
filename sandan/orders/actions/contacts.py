"""The askers' addresses for the worker of the notices: read at the moment of sending, held nowhere else."""

from collections.abc import Collection

from sandan.core.sealed import Sealed
from sandan.intake.models import Category
from sandan.notices.actions.books import Contact
from sandan.notices.channels.trouble import Trouble
from sandan.notices.models import Notice
from sandan.orders.models import Asker, Order, PhoneCode
from sandan.orders.queries import timeline
from sandan.orders.workflow import HELD

TAKING = ("grab", "accept", "post_over")


class Book:
    """The AskerBook of the orders."""

    def why_not(self, notices: Collection[Notice]) -> dict[int, str]:
        """Who left no number, whose matter is sealed (a message may be read by the wrong eyes), who wants no nudge."""
        ids = {notice.asker_id for notice in notices if notice.asker_id}
        rows = Asker.objects.filter(pk__in=ids).values_list("pk", "phone", "may_call", "order__privacy")
        known = {pk: _why(has_phone, may_call, privacy) for pk, has_phone, may_call, privacy in rows}
        return {notice.pk: why for notice in notices if (why := _for(notice, known))}

    def contact(self, notice: Notice) -> Contact | None:
        """The number of the asker; the values of the text as they are true now."""
        asker = Asker.objects.select_related("order").filter(pk=notice.asker_id or 0).first()
        if asker is None or not isinstance(asker.phone, Sealed):
            raise Trouble("gone", is_final=True)
        values = self._values(notice, asker)
        return None if values is None else Contact(asker.phone.open_unlogged(), values)

    def _values(self, notice: Notice, asker: Asker) -> dict[str, str] | None:
        if notice.kind == "code":
            row = PhoneCode.objects.filter(pk=notice.subject_id, used_at=None).first()
            return {"code": row.code.open_unlogged()} if row and isinstance(row.code, Sealed) else None
        own = {"number": asker.order.number}  # of orders merged into another, each asker knows his own
        if notice.kind not in TAKING:
            return own
        order = Order.objects.select_related("holder").filter(pk=notice.subject_id, state__in=HELD).first()
        return own | {"who": timeline.master(order.holder.name)} if order and order.holder else None

    def done(self, notices: Collection[Notice]) -> None:
        """A code that was sent is kept as a digest alone."""
        codes = [notice.subject_id for notice in notices if notice.kind == "code"]
        if codes:
            PhoneCode.objects.filter(pk__in=codes).update(code=None)


def _why(phone: object, may_call: bool, privacy: str) -> tuple[str, str, str]:
    """Why no code, no news and no nudge goes to this asker; empty where it may."""
    unknown = "" if phone else "no_phone"
    news = unknown or ("sealed" if privacy == Category.Privacy.SEALED else "")
    return unknown, news, news or ("" if may_call else "no_calls")


def _for(notice: Notice, known: dict[int, tuple[str, str, str]]) -> str:
    code, news, nudge = known.get(notice.asker_id or 0, ("gone", "gone", "gone"))
    return {"code": code, "nudge": nudge}.get(notice.kind, news)
