"""Check-ins, charges and service posts follow the ground; the posts of the members have moved already (`moving`)."""

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from sandan.people.models import MemberCharge, MemberCheckin, Post, Role, ServicePost
from sandan.places.actions.followers import Facts, Shift
from sandan.places.models import PlaceChange

_ENDED = MemberCheckin.End.GROUND


def concerned(codes: Collection[str], at: datetime) -> dict[str, list[str]]:  # noqa: ARG001 (the follower's shape)
    """Nothing: the member's posts are counted already."""
    return {}


def follow(shift: Shift) -> Facts:
    """Live check-ins go to the first new code, with a further one for each other; two of one person become one."""
    mapping = {old: new for old, new in shift.mapping.items() if new}
    facts: Facts = {"moved": {}, "ended": [], "made": [], "charges": {}, "service": {}}
    rows = MemberCheckin.objects.filter(to_at=None, grid__in=mapping).select_for_update(of=("self",)).order_by("pk")
    new_codes = {code for old in mapping for code in mapping[old]}
    posts = _posts(new_codes, shift.at)
    taken = set(
        MemberCheckin.objects.filter(to_at=None, grid__in=new_codes - set(mapping)).values_list("person", "grid")
    )
    for row in list(rows):
        _move(row, mapping[row.grid], posts, taken, shift, facts)
    _move_codes(mapping, facts)
    return facts


def _posts(codes: Collection[str], at: datetime) -> dict[tuple[int, str], int]:
    rows = Post.objects.held(at).filter(role=Role.MEMBER, scope__in=codes).order_by("-pk")
    return {(person, scope): pk for pk, person, scope in rows.values_list("pk", "person_id", "scope")}


def _move(
    row: MemberCheckin, codes: tuple[str, ...], posts: Mapping[tuple[int, str], int], taken: set[tuple[int, str]],
    shift: Shift, facts: Facts,
) -> None:  # fmt: skip
    free = [c for c in codes if (row.person_id, c) not in taken and (row.person_id, c) in posts]
    taken.update((row.person_id, code) for code in free)
    if not free:
        row.to_at, row.end = max(shift.at, row.from_at), _ENDED
        row.save(update_fields=["to_at", "end"])
        facts["ended"].append(row.pk)
        return
    facts["moved"][str(row.pk)] = [row.grid, row.post_id]
    row.grid, row.post_id = free[0], posts[row.person_id, free[0]]
    row.save(update_fields=["grid", "post"])
    for code in free[1:]:
        made = MemberCheckin.objects.create(
            person_id=row.person_id, unit_id=row.unit_id, grid=code, post_id=posts[row.person_id, code],
            how=MemberCheckin.How.GROUND, from_at=shift.at,
        )  # fmt: skip
        facts["made"].append(made.pk)


def _move_codes(mapping: Mapping[str, tuple[str, ...]], facts: Facts) -> None:
    """Codes of charges and service posts are written over; one that would stand twice on a check-in stays as it was."""
    for name, model in (("charges", MemberCharge), ("service", ServicePost)):
        rows: list[Any] = list(model.objects.filter(scope__in=mapping))
        standing = set(MemberCharge.objects.filter(to_at=None).values_list("checkin", "scope")) if rows else set()
        for row in rows:
            code = mapping[row.scope][0]
            if name == "charges" and (row.checkin_id, code) in standing:
                continue
            if name == "charges" and row.to_at is None:
                standing.add((row.checkin_id, code))
            facts[name][str(row.pk)], row.scope = row.scope, code
        model.objects.bulk_update(rows, ["scope"], batch_size=500)


def objections(change: PlaceChange, facts: Facts) -> list[str]:  # noqa: ARG001 (the follower's shape)
    """None of its own: who checked in there since holds a post, and `moving` says no."""
    return []


def unfollow(change: PlaceChange, facts: Facts, by: Any, at: datetime) -> None:  # noqa: ARG001
    """Everything as it was; a check-in that has ended since keeps its end."""
    if not facts:
        return
    MemberCheckin.objects.filter(pk__in=facts["made"]).delete()
    for pk, (grid, post) in facts["moved"].items():
        MemberCheckin.objects.filter(pk=int(pk)).update(grid=grid, post=post)
    MemberCheckin.objects.filter(pk__in=facts["ended"]).update(to_at=None, end="")
    for name, model in (("charges", MemberCharge), ("service", ServicePost)):
        for pk, scope in facts[name].items():
            model.objects.filter(pk=int(pk)).update(scope=scope)
