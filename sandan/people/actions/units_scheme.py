"""R002, R003: the scheme of reporting in is written, and written anew as its next version; none is ever changed."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import NotAllowed, Refused
from sandan.people import access
from sandan.people.actions.posts import Actor
from sandan.people.models import Scheme
from sandan.people.queries import units_scope


class BadScheme(Refused):
    """A part is missing, or the version would begin before the one it follows."""


@dataclass(frozen=True)
class SchemeText:
    """What a scheme says: its name, the words of its pairs (an empty one is not part of it), and the four parts."""

    name: str
    audience: str
    procedure: str
    tasks: str
    review: str
    word_checkin: str = "报到"
    word_service: str = "服务"
    word_charge: str = "包联"
    word_rating: str = "评价"


@transaction.atomic
def write_scheme(*, scope: str, text: SchemeText, from_on: date, by: Actor, at: datetime) -> Scheme:
    """The next version for a city (4 digits) or county (6); the one before ends that day. NotAllowed or BadScheme."""
    if by != "system" and not any(scope.startswith(code) for code in units_scope.overseen(access.posts_of(by, at))):
        raise NotAllowed(_("方案由本级主管工委来写，这一级不归您管。"))
    if not all(part.strip() for part in (text.name, text.audience, text.procedure, text.tasks, text.review)):
        raise BadScheme(_("名称和四个部分（对象、程序、主要任务、评议方式）都要写。"))
    last = Scheme.objects.select_for_update().filter(scope=scope).order_by("-version").first()
    if last and from_on <= last.from_on:
        raise BadScheme(_("新方案要晚于上一版开始（%(day)s）。改一改开始的日子。") % {"day": last.from_on.isoformat()})
    if last and last.to_on is None:
        last.to_on = from_on
        last.save(update_fields=["to_on"])
    scheme = Scheme.objects.create(
        scope=scope, version=last.version + 1 if last else 1, from_on=from_on, by=None if by == "system" else by,
        at=at, **{field: value.strip() for field, value in vars(text).items()},
    )  # fmt: skip
    journal.write(scheme, "write_scheme", by=by, at=at, scope=scope, version=scheme.version, from_on=str(from_on))
    return scheme
