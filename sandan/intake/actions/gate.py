"""The gate (准入): a department asks, the district decides, and only then may an item reach a grid worker."""

import re
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from sandan.core import journal
from sandan.core.errors import NotAllowed, Refused, Stale
from sandan.intake import queries
from sandan.intake.models import Category, Proposal
from sandan.people import access
from sandan.people.models import Person, Post, Role, Unit


class NoSuchGate(Refused):
    """The code or the department does not fit."""


class Unfinished(Refused):
    """Something that the gate asks for is missing."""


@dataclass(frozen=True)
class Ask:
    """What a department asks for: the item, what the grid worker does, how often, by when, with which means."""

    code: str
    name: str
    reason: str
    duty: str
    rhythm: str
    finish_days: int
    training: str
    funding: str


def _post(by: Person, at: datetime, *roles: str) -> Post | None:
    return next((post for post in access.posts_of(by, at) if post.role in roles), None)


def may_propose(by: Person, at: datetime) -> bool:
    """A clerk of a department, or the district for one."""
    return _proposing(by, at) is not None


def _proposing(by: Person, at: datetime) -> Post | None:
    post = _post(by, at, Role.UNIT_CLERK)
    if post is not None and post.unit is not None and post.unit.kind == Unit.Kind.DEPARTMENT:
        return post
    return _post(by, at, Role.DISTRICT)


def may_decide(by: Person, at: datetime) -> bool:
    """The district decides what comes to the grids."""
    return _post(by, at, Role.DISTRICT) is not None


def _department_of(code: str) -> Category:
    department = Category.objects.filter(code=code[:2], parent=None, is_request=True).first()
    if department is None or not re.fullmatch(r"\d{4}", code):
        raise NoSuchGate(_("编号是部门的两位加两位序号，例如 0108。"))
    if Category.objects.filter(code=code).exists():
        raise NoSuchGate(_("编号 %(code)s 已经在目录里了，换一个。") % {"code": code})
    return department


@transaction.atomic
def propose_item(*, ask: Ask, by: Person, at: datetime) -> Proposal:
    """Put an item before the gate. Raises NotAllowed, NoSuchGate, or Unfinished where training or money is missing."""
    post = _proposing(by, at)
    if post is None:
        raise NotAllowed(_("准入由部门经办人或区里提出。请找本部门的经办人。"))
    department = _department_of(ask.code)
    words = (ask.name, ask.reason, ask.duty, ask.rhythm, ask.training, ask.funding)
    if not all(word.strip() for word in words) or ask.finish_days < 1:
        raise Unfinished(_("事由、职责、频次、时限、培训和经费都要写清，网格员才接得住。"))
    try:
        with transaction.atomic():
            proposal = Proposal.objects.create(**vars(ask), department=department, by=by, at=at)
    except IntegrityError as fault:
        raise NoSuchGate(_("编号 %(code)s 已经有人提出，等定了再说。") % {"code": ask.code}) from fault
    journal.write(proposal, "propose", by=by, at=at, scope=post.scope, code=ask.code)
    return proposal


@transaction.atomic
def decide_item(*, proposal: Proposal, is_approved: bool, answer: str, by: Person, at: datetime) -> Proposal:
    """Yes or no by a second person of the district; yes makes the item. Raises NotAllowed, Stale or Unfinished."""
    proposal = Proposal.objects.select_for_update().select_related("department").get(pk=proposal.pk)
    post = _post(by, at, Role.DISTRICT)
    if post is None or proposal.by_id == by.pk:
        raise NotAllowed(_("准入要由区里的另一个人来定，提的人自己不能定。"))
    if proposal.is_approved is not None:
        raise Stale(_("这一项刚才已经定过了。"))
    if not is_approved and not answer.strip():
        raise Unfinished(_("不同意要写一句为什么，部门才知道差什么。"))
    proposal.is_approved, proposal.answer = is_approved, answer.strip()
    proposal.decided_by, proposal.decided_at = by, at
    proposal.save(update_fields=["is_approved", "answer", "decided_by", "decided_at"])
    if is_approved:
        _enter(proposal)
    journal.write(
        proposal, "approve" if is_approved else "turn_down", by=by, at=at, scope=post.scope, code=proposal.code
    )
    return proposal


def _enter(proposal: Proposal) -> Category:
    """The item itself; the desk reviews each grab until somebody sets it free."""
    category = Category.objects.create(
        code=proposal.code, parent=proposal.department, name=proposal.name, department=proposal.department.name,
        finish_value=proposal.finish_days, duty=proposal.duty, rhythm=proposal.rhythm, grab=Category.Grab.REVIEW,
        work_kind=Category.WorkKind.APPEAL, evidence="note",
    )  # fmt: skip
    queries.forget()
    return category
