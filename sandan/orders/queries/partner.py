"""Reads of what was sent to partners."""

from datetime import datetime

from django.db.models import Prefetch, Q

from sandan.intake.models import Category
from sandan.orders.models import Order, Photo, Sending
from sandan.orders.models.partner import LIVE
from sandan.orders.queries.desk_order import place_name
from sandan.people.access import posts_of
from sandan.people.models import Person, Post, Role, Unit
from sandan.people.queries import units_of as units_around

WITH = ("order", "unit", "words", "note", "person")
MOST = 200


def units_of(person: Person, at: datetime) -> list[int]:
    """The partners that a person acts for now."""
    return [post.unit_id for post in posts_of(person, at) if post.unit_id and post.role == Role.PARTNER]


def live(at: datetime) -> Q:
    """Sendings whose time is not over and whose order is still open, and not sealed since."""
    return Q(until_at__gt=at, order__is_open=True) & ~Q(order__privacy=Category.Privacy.SEALED)


def sent_to(person: Person, at: datetime) -> list[Sending]:
    """What lies with one's partner now, the unanswered first; one statement."""
    rows = Sending.objects.select_related(*WITH).filter(live(at), unit__in=units_of(person, at), state__in=LIVE)
    rank = {"sent": 0, "accepted": 1, "done": 2}
    return sorted(rows.order_by("until_at", "pk")[:MOST], key=lambda one: rank[one.state])


def sendings_of(order: Order) -> list[Sending]:
    """All sendings of an order, newest first, for the desk; two statements."""
    photos = Prefetch("photos", Photo.objects.only("pk"))  # never their bytes
    return list(order.sendings.select_related(*WITH).prefetch_related(photos).order_by("-pk"))


def partners_of(code: str, at: datetime) -> list[Unit]:
    """The partners of an area that somebody answers for."""
    answered = Post.objects.held(at).filter(role=Role.PARTNER, person__is_active=True, unit__isnull=False)
    return list(units_around(code, Unit.Kind.PARTNER).filter(pk__in=answered.values("unit")))


def place_of(order: Order) -> str:
    """What a partner is told of the place: estate and building; of a matter about a person only the community."""
    is_personal = order.privacy in (Category.Privacy.CONTACT, Category.Privacy.SEALED)
    return order.community.name if is_personal else (place_name(order) or order.community.name)
