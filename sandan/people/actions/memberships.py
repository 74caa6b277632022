"""Changes in the organisations' own space. Their lines in the journal name no person: others read the journal."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import Refused
from sandan.people.actions import organisations
from sandan.people.models import Organisation, Person
from sandan.people.models.membership import Membership


class BadMembership(Refused):
    """Somebody who belongs elsewhere, or no longer here."""


@transaction.atomic
def enter(*, organisation: Organisation, person: Person, duty: str, by: Person, at: datetime) -> Membership:
    """Somebody belongs to an organisation from now on; one person to one. Raises BadMembership or NotAllowed."""
    organisations.require_keeper(by, organisation.scope, at)
    if organisation.to_at is not None or duty not in Membership.Duty.values:
        raise BadMembership(_("这个组织已经撤了，或者职务没选。"))
    try:
        with transaction.atomic():
            row = Membership.objects.create(organisation=organisation, person=person, duty=duty, from_at=at)
    except IntegrityError as twice:
        raise BadMembership(_("他的组织关系已经登记过了。先在那边转出，再到这里转入。")) from twice
    journal.write(organisation, "enter", by=by, at=at, scope=organisation.scope)
    return row


@transaction.atomic
def leave(*, membership: Membership, by: Person, at: datetime) -> Membership:
    """Somebody belongs there no longer. Raises BadMembership or NotAllowed."""
    organisations.require_keeper(by, membership.organisation.scope, at)
    row = Membership.objects.select_for_update(of=("self",)).select_related("organisation").get(pk=membership.pk)
    if row.to_at is not None:
        raise BadMembership(_("已经转出了。"))
    row.to_at = at
    row.save(update_fields=["to_at"])
    journal.write(row.organisation, "leave", by=by, at=at, scope=row.organisation.scope)
    return row


@transaction.atomic
def dissolve(*, organisation: Organisation, by: Person, at: datetime) -> Organisation:
    """An organisation goes when nobody belongs to it any more. Raises BadOrganisation or NotAllowed."""
    organisations.require_keeper(by, organisation.scope, at)
    if Membership.objects.held(at).filter(organisation=organisation).exists():
        raise organisations.BadOrganisation(_("还有人的组织关系在这里，先转出，再撤。"))
    return organisations.dissolve(organisation=organisation, by=by, at=at)
