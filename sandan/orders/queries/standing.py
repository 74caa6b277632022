"""What makes somebody stand beside an order, in one statement: asked of one that does not exist, it is the same one."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, Exists, F, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Concat, Substr

from sandan.intake.models import Route
from sandan.orders.models import Call, Consent, Offer, Order, Page, Paging, Round, Share
from sandan.orders.queries import joint, whistle
from sandan.orders.queries.member_hall import offered_to
from sandan.people.models import Person, Unit

AROUND = (6, 9, 12)  # the codes of a community's county, street and its own


@dataclass(frozen=True)
class Beside:
    """What lies between one person and one order; `page`: state and scope of the last paging."""

    is_offered: bool = False
    is_asked: bool = False  # in the order's last round
    is_called: bool = False
    is_helper: bool = False
    page: str = ""
    is_searched: bool = False
    department: int | None = None  # the department to which the matter is routed there


def beside(order: Order, person: Person, at: datetime) -> Beside:
    """Everything at once, whatever the order's state: what it means there says `access`. One statement."""
    facts = {
        "is_offered": Exists(Offer.objects.filter(offered_to(person, at), order=OuterRef("pk"), state="sent")),
        "is_asked": Exists(Consent.objects.filter(person=person, round=Subquery(_last_round()))),
        "is_called": Exists(_calls(person, at)),
        "is_helper": Exists(Share.objects.filter(joint.of(person, at), order=OuterRef("pk"), state="joined")),
        "page": Subquery(_pages(person)),
        "is_searched": Exists(Paging.objects.filter(order=OuterRef("pk"), ended_at=None)),
        "department": Subquery(_charges()),
    }
    row = Order.objects.filter(pk=order.pk or 0).annotate(**facts).values(*facts).first()
    return Beside(**(row | {"page": row["page"] or ""})) if row else Beside()


def _last_round() -> QuerySet[Round, int]:
    rounds = Round.objects.filter(order=OuterRef(OuterRef("pk")))
    return rounds.order_by("-pk").values_list("pk", flat=True)[:1]


def _calls(person: Person, at: datetime) -> QuerySet[Call]:
    units = whistle.units_of(person, at)
    return Call.objects.filter(whistle.live(), whistle__order=OuterRef("pk"), unit__in=units)


def _pages(person: Person) -> QuerySet[Page, str]:
    mine = Page.objects.filter(paging__order=OuterRef("pk"), person=person).order_by("-pk")
    return mine.values_list(Concat("state", Value(" "), "scope"), flat=True)[:1]


def _charges() -> QuerySet[Route, int | None]:
    """The nearest route, where it leads to a department."""
    around = [Substr(OuterRef("community_id"), 1, length) for length in AROUND]
    routes = Route.objects.filter(category=OuterRef("category"), scope__in=around).order_by("-scope")
    department = Case(When(unit__kind=Unit.Kind.DEPARTMENT, then=F("unit_id")))
    return routes.values_list(department, flat=True)[:1]
