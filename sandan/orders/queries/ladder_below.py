"""Whom an order may go down to, and which neighbours a step up may name."""

from datetime import datetime

from django.db.models import Q, QuerySet

from sandan.intake.models import Category
from sandan.orders.models import Order
from sandan.orders.models.ladder import TOP_LEVEL
from sandan.people.models import Person, Post, Role
from sandan.places.models import Place

ON_THE_GROUND = (Role.GRID_WORKER, Role.GRID_LEADER)


def receivers(order: Order, at: datetime) -> QuerySet[Person]:
    """From street and district the community's dispatchers, from the district the street's liaison as well; from the
    community those who work in the grid of the order."""
    if order.level <= 2:
        ground = order.micro or order.grid or order.community_id
        posts = Post.objects.held(at).filter(role__in=ON_THE_GROUND)
        held = posts.over(ground) | (posts.over(order.exclusive) if order.exclusive else posts.none())
    else:
        roles = (Role.DISPATCHER, Role.LIAISON) if order.level == TOP_LEVEL else (Role.DISPATCHER,)
        held = Post.objects.held(at).over(order.community_id).filter(role__in=roles)
    return Person.objects.filter(is_active=True, pk__in=held.values("person")).order_by("name_key", "pk")


def neighbours(order: Order) -> list[tuple[str, str]]:
    """The other communities of its street; from the street on the other streets as well. None for a sealed matter."""
    if order.privacy == Category.Privacy.SEALED or order.level >= TOP_LEVEL:
        return []
    near = Q(kind=Place.Kind.COMMUNITY, code__startswith=order.street) & ~Q(code=order.community_id)
    if order.level >= 3:
        near |= Q(kind=Place.Kind.STREET, code__startswith=order.county) & ~Q(code=order.street)
    return list(Place.objects.filter(near, valid_to=None).order_by("code").values_list("code", "name"))
