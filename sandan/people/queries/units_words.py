"""What steps, obstacles, reasons and picks of units that report in are called on pages."""

from django.utils.translation import gettext_lazy as _

from sandan.people.models import Resource, RosterExcuse, UnitStage

STEPS = {
    UnitStage.Step.SURVEY.value: _("摸排"),
    UnitStage.Step.MATCH.value: _("对接"),
    UnitStage.Step.CHECKIN.value: _("报到"),
}
DONE = _("三步都做完")
BLOCKERS = {
    UnitStage.Blocker.ROSTER.value: _("名册没交齐"),
    UnitStage.Blocker.CONTACT.value: _("联系人没定"),
    UnitStage.Blocker.NO_FIT.value: _("没有合适的社区"),
    UnitStage.Blocker.ANSWER.value: _("等社区答复"),
    UnitStage.Blocker.HANDS.value: _("人手不够"),
    UnitStage.Blocker.OTHER.value: _("别的原因"),
}
WHYS = {
    RosterExcuse.Why.LEAVE.value: _("请假"),
    RosterExcuse.Why.POSTED.value: _("外派"),
    RosterExcuse.Why.ILL.value: _("病假"),
    RosterExcuse.Why.RETIRED.value: _("退休"),
    RosterExcuse.Why.MOVED.value: _("调离"),
    RosterExcuse.Why.ELSEWHERE.value: _("在外地报到"),
}
SHOWS = {
    "all": _("名册上的人"),
    "in": _("已报到"),
    "excused": _("说明了原因"),
    "gap": _("没报到"),
    "double": _("在两个名册上"),
}
PICKS = {
    "": _("全部"),
    "gap": _("有人没报到"),
    "no_roster": _("没交名册"),
    "nowhere": _("没去社区报到"),
    "blocked": _("有难处"),
    "late": _("过了期"),
    "survey": _("在摸排"),
    "match": _("在对接"),
    "checkin": _("在报到"),
    "done": DONE,
}
TAGS = dict(Resource.choices)


def why_outside(why: str) -> str:
    """A reason as those outside the unit read it: illness is nobody's business there."""
    return str(WHYS[RosterExcuse.Why.LEAVE if why == RosterExcuse.Why.ILL else why])


def tag_words(tags: list[str]) -> str:
    """Tags in words: 「场地、车辆」."""
    return "、".join(str(TAGS[tag]) for tag in tags if tag in TAGS)
