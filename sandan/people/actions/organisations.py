"""Organisations are founded along the ground and dissolved; their keeper alone does it (R115)."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import NotAllowed, Refused
from sandan.people import access
from sandan.people.models import Organisation, Person, Role
from sandan.places.models import Place

LEVEL_OF = {12: Organisation.Level.COMMITTEE, 15: Organisation.Level.BRANCH, 17: Organisation.Level.GROUP}
LONGEST_NAME = 80


class BadOrganisation(Refused):
    """A place that has one, or none that could; a name missing; members left."""


def require_keeper(by: Person, scope: str, at: datetime) -> None:
    """The keeper of the organisations over a place; nobody else, whatever other post they hold."""
    if Role.ORG_KEEPER not in access.roles_over(access.posts_of(by, at), scope):
        raise NotAllowed(_("组织的事由组织管理员来办。"))


@transaction.atomic
def found(*, scope: str, name: str, by: Person, at: datetime) -> Organisation:
    """An organisation of a community, a grid or a micro-grid. Raises BadOrganisation or NotAllowed."""
    require_keeper(by, scope, at)
    if len(scope) not in LEVEL_OF or not Place.objects.current().filter(code=scope).exists():
        raise BadOrganisation(_("组织建在社区、普通网格或微网格上。请重新选。"))
    clean = name.strip()[:LONGEST_NAME]
    if not clean:
        raise BadOrganisation(_("写组织的名称。"))
    try:
        with transaction.atomic():
            row = Organisation.objects.create(name=clean, level=LEVEL_OF[len(scope)], scope=scope, from_at=at)
    except IntegrityError as twice:
        raise BadOrganisation(_("这里已经有一个组织了。先撤掉它，或者改别的地方。")) from twice
    journal.write(row, "found", by=by, at=at, scope=scope, level=row.level)
    return row


@transaction.atomic
def dissolve(*, organisation: Organisation, by: Person, at: datetime) -> Organisation:
    """It stands no longer; the place lacks one from now on. The caller has seen to its members."""
    require_keeper(by, organisation.scope, at)
    row = Organisation.objects.select_for_update().get(pk=organisation.pk)
    if row.to_at is not None:
        raise BadOrganisation(_("这个组织已经撤了。"))
    row.to_at = at
    row.save(update_fields=["to_at"])
    journal.write(row, "dissolve", by=by, at=at, scope=row.scope, level=row.level)
    return row
