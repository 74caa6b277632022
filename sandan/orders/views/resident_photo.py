"""Photos: opened for those who may see them and for nobody else; never stored on the way."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from sandan.intake.models import Category
from sandan.orders import access
from sandan.orders.actions import looking
from sandan.orders.models import Asker, Order, Photo
from sandan.orders.queries import resident_writing
from sandan.orders.views import resident
from sandan.people.models import Person

SIZES = ("large", "small")
NOTED = (Category.Privacy.CONTACT, Category.Privacy.SEALED)  # whose every view leaves a line


def picture(photo: Photo, size: str) -> HttpResponse:
    """The bytes of one size, kept by no browser; the caller has asked whether it may be seen."""
    box: Any = getattr(photo, size)
    headers = {
        "Cache-Control": "private, no-store", "Content-Disposition": 'inline; filename="photo.jpg"',
        "Cross-Origin-Resource-Policy": "same-origin",
    }  # fmt: skip
    return HttpResponse(box.open_bytes(), content_type="image/jpeg", headers=headers)


@require_safe
def photo(request: HttpRequest, pk: int, size: str) -> HttpResponse:
    """One photo of an order, for its first asker and for staff who stand to the order; else a 404."""
    if size not in SIZES:
        raise Http404
    found = (
        Photo.objects.select_related("order__category").defer(*(s for s in SIZES if s != size)).filter(pk=pk).first()
    )
    order = (found.order if found else None) or access.nothing()  # the same questions for what is not there
    is_theirs = _is_asker(request, order)
    person = request.user
    is_staffs = not is_theirs and isinstance(person, Person) and _is_staff_of(person, order)
    if found is None or not (is_theirs or is_staffs):
        raise Http404
    if isinstance(person, Person) and not is_theirs and order.privacy in NOTED:
        looking.at_photo(photo=found, size=size, by=person, at=timezone.now())
    return picture(found, size)


def _is_asker(request: HttpRequest, order: Order) -> bool:
    """Only who asked for it first: those who joined did not take the pictures and are not in them."""
    ids = resident.granted(request)
    if not ids:
        return False
    asker = Asker.objects.filter(order=order, is_first=True)
    if asker.filter(pk__in=ids).exists():
        return True
    parents = Asker.objects.filter(pk__in=ids, order_id=order.parent_id or 0, is_first=True).values("secret_digest")
    return bool(asker.filter(secret_digest__in=parents).exists())


def _is_staff_of(person: Person, order: Order) -> bool:
    roles = access.roles_of(order, person, timezone.now())
    return access.may_see_photo(roles, order)


@require_safe
def draft_photo(request: HttpRequest, key: UUID, pk: int) -> HttpResponse:  # noqa: ARG001 (a view)
    """A small photo of a draft, for who holds its key."""
    draft = resident_writing.draft(key, timezone.now())
    found = draft.photos.defer("large").filter(pk=pk).first() if draft else None
    if found is None:
        raise Http404
    return picture(found, "small")
