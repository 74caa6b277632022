"""The line of `sandan check` about the ground: changes that are not done, or that not everything has followed."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.core.words import when
from sandan.places.models import AreaChange, Place, PlaceChange

LATE = timedelta(minutes=15)  # orders follow within a minute; a county of a million is done well before


def probe() -> tuple[str, str]:
    """Level and sentence: codes whose day has come, and changes that orders have not followed for a while."""
    at, facts = timezone.now(), []
    left = PlaceChange.objects.filter(settled_at__isnull=True, at__lt=at - LATE).order_by("id")
    if count := left.count():
        words = _("%(n)d 次网格变动，单子还没跟完，最早 %(at)s；后台会接着试，原因在日志里")
        facts.append(words % {"n": count, "at": when(left[0].at)})
    due = AreaChange.objects.filter(applied_at=None, from_on__lte=timezone.localtime(at).date(), at__lt=at - LATE)
    here = set(Place.objects.current().filter(kind=Place.Kind.COUNTY).values_list("code", flat=True))
    if codes := sorted({row.old for row in due if row.old[:6] in here}):
        words = _("%(n)d 个区划编码到了日子还没改：%(codes)s；后台会接着试，原因在日志里")
        facts.append(words % {"n": len(codes), "codes": "、".join(codes[:3])})
    return ("warn", "；".join(facts)) if facts else ("ok", _("网格和区划编码的变动都跟上了"))
