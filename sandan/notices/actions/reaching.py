"""How somebody wishes to be reached, and the desk's word that it told somebody whom no message reached."""

from datetime import datetime

from django.db import transaction

from sandan.core import journal
from sandan.notices.models import Delivery, Reach
from sandan.people.models import Person


@transaction.atomic
def choose(*, by: Person, takes_sms: bool, takes_email: bool, email: str, at: datetime) -> Reach:
    """One's own choice of ways beside the inbox; an empty address is forgotten. Paging on duty asks nobody."""
    values = {"takes_sms": takes_sms, "takes_email": takes_email, "email": email or None}
    reach, _is_new = Reach.objects.update_or_create(person=by, defaults=values)
    journal.write(by, "reach", by=by, at=at, scope="", sms=takes_sms, email=takes_email, has_address=bool(email))
    return reach


@transaction.atomic
def handle(*, delivery: Delivery, by: Person, at: datetime) -> Delivery:
    """Somebody saw to it that the receiver knows; the first one counts."""
    fresh = Delivery.objects.select_for_update(of=("self",)).get(pk=delivery.pk)
    if fresh.handled_at is None:
        fresh.handled_by, fresh.handled_at = by, at
        fresh.save(update_fields=["handled_by", "handled_at"])
        journal.write(fresh, "handle", by=by, at=at, scope="", notice=fresh.notice_id)
    return fresh
