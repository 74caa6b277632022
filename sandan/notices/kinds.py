"""What there is to be told: for each kind its words, how far it goes, and when it may wake somebody.

A new kind is one line in KINDS; docs/decisions/0007-notices.md says what to think of.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db.models import IntegerChoices
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sandan.notices.models import Notice

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

QUIET_FROM, QUIET_TO = 21, 8  # hours of the local clock
SMS, EMAIL = "sms", "email"


class Lane(IntegerChoices):
    """How urgent: the smaller goes first."""

    PAGE = 0  # 突发: at any hour, to who is on duty; nobody switches it off
    CODE = 1  # somebody waits for it with the phone in hand: at any hour
    PROGRESS = 2  # not between QUIET_FROM and QUIET_TO


LIFE = {Lane.PAGE: timedelta(hours=2), Lane.CODE: timedelta(minutes=5), Lane.PROGRESS: timedelta(hours=36)}


@dataclass(frozen=True)
class Kind:
    """`staff` is what staff read, everywhere; `ways` are those out of the house for them, beside the inbox.

    `asker` is the short message to who asked; a kind without one stands on the page of the order alone. Values that
    words may name: number (0810-048) everywhere; who (a surname and 师傅) and code in `asker`.
    """

    staff: StrOrPromise
    ways: tuple[str, ...] = ()
    asker: StrOrPromise = ""
    lane: Lane = Lane.PROGRESS
    has_link: bool = True


UNKNOWN = Kind(_("%(number)s 有新进展。"))

KINDS: dict[str, Kind] = {
    "place": Kind(_("新单 %(number)s 到了，请先看一眼。"), asker=_("您点的单收到了，单号%(number)s，社区正在看。")),
    "open_up": Kind(_("附近有一单 %(number)s 合适您，可以抢。")),
    "offer": Kind(_("%(number)s 派给您了，接不接请答一声。"), (SMS,)),
    "gather": Kind(_("%(number)s 要几个人一起办，来不来请答一声。"), (SMS,)),
    "gathered": Kind(_("%(number)s 人凑齐了，和领头的人约好时间。"), (SMS,)),
    "too_few": Kind(_("%(number)s 人没凑齐，社区在另外安排。")),
    "grab": Kind(_("%(number)s 有人抢下了。"), asker=_("%(who)s接了您的%(number)s号单。")),
    "lapse": Kind(_("%(number)s 没人抢，请派单。")),
    "accept": Kind(_("%(number)s 有人接了。"), asker=_("%(who)s接了您的%(number)s号单。")),
    "decline": Kind(_("%(number)s 对方来不了，请另派人。")),
    "miss": Kind(_("%(number)s 派出去没人答应，请另派人。")),
    "release": Kind(_("%(number)s 退回来了，请重新派。")),
    "finish": Kind(_("%(number)s 办好了，等点单人评价。"), asker=_("%(number)s号单办好了，请您看看，说一声解决没有。")),
    "review": Kind(_("%(number)s 点单人评价了，请回访。")),
    "hear": Kind(_("%(number)s 听到了点单人的话，请回访。")),
    "stand_in": Kind(_("%(number)s 已代为核对，请回访。")),
    "dissent": Kind(_("%(number)s 点单人说没解决，要重新办。")),
    "send_back": Kind(_("%(number)s 退回再办，原因写在单子里。"), (SMS,)),
    "close": Kind(_("%(number)s 销号了，辛苦。"), asker=_("%(number)s号单办结了。15天内没好，可以重办。")),
    "reopen": Kind(_("%(number)s 要重办，还是这个单号。")),
    "ask": Kind(UNKNOWN.staff, asker=_("%(number)s号单，社区有句话要问您，答了好接着办。")),
    "ask_again": Kind(UNKNOWN.staff, asker=_("%(number)s号单还等您答一句话，答了好接着办。")),
    "answer": Kind(_("%(number)s 点单人答了问的话，可以接着办。")),
    "no_reply": Kind(
        _("%(number)s 问了没有回音，已撤单。"), asker=_("%(number)s号单没等到您的话，先撤了。还要办，再点一次就行。")
    ),
    "pause": Kind(
        _("%(number)s 挂起了，原因和日子写在单子里。"), asker=_("%(number)s号单先停一停，什么时候接着办写在页面上。")
    ),
    "resume": Kind(_("%(number)s 接着办，钟又走起来了。")),
    "ledger": Kind(_("%(number)s 挂账了，到日子再看。"), asker=_("%(number)s号单眼下办不了，记在账上，到日子再看。")),
    "extend": Kind(_("%(number)s 延期了，新的日子写在单子里。")),
    "escalate": Kind(_("%(number)s 报上来了，请接着管。"), (EMAIL,)),
    "hand_down": Kind(_("%(number)s 上级交回来了，请接着办。")),
    "pass_on": Kind(_("%(number)s 转给了专管的部门。"), asker=_("%(number)s号单转给了专管的部门，电话写在页面上。")),
    "refuse": Kind(UNKNOWN.staff, asker=_("%(number)s号单社区办不了，归谁管写在页面上。")),
    "withdraw": Kind(_("%(number)s 点单人撤回了，不用再办。")),
    "page": Kind(_("突发！%(number)s 在叫您，请马上点开。"), (SMS,), lane=Lane.PAGE),
    "page_again": Kind(_("突发！%(number)s 还没人应，又叫到您。"), (SMS,), lane=Lane.PAGE),
    "unheard": Kind(_("突发！%(number)s 叫了一圈没有人应，请区里马上处理。"), (SMS,), lane=Lane.PAGE),
    "stand_down": Kind(_("%(number)s 有人在处理了，您可以放心。"), (SMS,), lane=Lane.PAGE),
    "propose_up": Kind(_("%(number)s 在这一级停久了，请上报或接着办。")),
    "concern": Kind(_("%(number)s 牵涉到您那边，请看一眼。")),
    "remind": Kind(_("%(number)s 还等着您，请看一眼。")),
    "overdue": Kind(_("%(number)s 超时了，请今天就办。"), (EMAIL,)),
    "nudge": Kind(
        _("%(number)s 办好后还没有回音，请回访。"), asker=_("%(number)s号单办好了没有，请您说一声，说了才算完。")
    ),
    "whistle": Kind(_("%(number)s 有人吹哨请您单位来，来不来请答一声。"), (SMS,)),
    "whistle_now": Kind(_("%(number)s 急，有人吹哨请您单位来，马上答一声。"), (SMS,), lane=Lane.PAGE),
    "whistle_remind": Kind(_("%(number)s 的哨还没应，时间快到了，来不来请答一声。"), (SMS,)),
    "whistle_missed": Kind(_("%(number)s 的哨到时没人应，请街道过问。"), (EMAIL,)),
    "whistle_late": Kind(_("%(number)s 说来还没到，请问一声。")),
    "whistle_coming": Kind(_("%(number)s 有单位应了哨，说来。")),
    "whistle_no": Kind(_("%(number)s 有单位说来不了，原因在单子里。")),
    "whistle_arrived": Kind(_("%(number)s 有单位到现场了。")),
    "whistle_done": Kind(_("%(number)s 有单位把应哨的事办完了，请评一评。")),
    "whistle_over": Kind(_("%(number)s 收哨了，不用来了。"), (SMS,)),
    "join_ask": Kind(_("%(number)s 请您一起办，来不来请答一声。"), (SMS,)),
    "join_in": Kind(_("%(number)s 有人答应一起办。")),
    "join_no": Kind(_("%(number)s 请的人来不了。")),
    "join_work": Kind(_("%(number)s 帮手记下了办的事。")),
    "join_agree": Kind(_("%(number)s 您那一份的份额定了，看看对不对。")),
    "join_no_share": Kind(_("%(number)s 帮手不同意份额，请商量一下。")),
    "sent_to_you": Kind(_("社区有一件事请您单位帮忙，点开看。"), (SMS,)),
    "post_over": Kind(
        _("%(number)s 随岗位转到您手上，请接着办。"), asker=_("%(number)s号单换了人，现在是%(who)s来办。")
    ),
    "post_ended": Kind(_("您的一个岗位到期了，手上的单已经交给接着管的人。")),
    "post_given": Kind(_("今天起由您接一个岗位，手上的单已经转过来，请看一眼。")),
    "centre_ask": Kind(_("社区想请您帮个忙，方便时给社区回个话。")),
    "day_act": Kind(_("跟您岗的一日网格员记下了一件事，请看一眼。")),
    "day_summary": Kind(_("跟您岗的一日网格员写好了小结，请看一眼。")),
    "send_taken": Kind(_("%(number)s 外单位接下了。")),
    "send_no": Kind(_("%(number)s 外单位退回来了，原因在单子里。")),
    "send_done": Kind(_("%(number)s 外单位办完了，请看一眼。")),
    "wish_erase": Kind(_("%(number)s 点单人要求删除个人信息，请看一眼。")),
    "roster_gap": Kind(_("双报到：您单位的名册还差着，请打开看一眼，没报到的写上原因。"), (SMS,)),
    "checkin_wait": Kind(_("您单位请您到社区报到，点开就能办。"), (SMS,)),
    "code": Kind("", asker=_("验证码%(code)s，5分钟内用。不要告诉别人。"), lane=Lane.CODE, has_link=False),
}


def of(kind: str) -> Kind:
    """The line of a kind; one without words of its own says that something moved."""
    return KINDS.get(kind, UNKNOWN)


def leaves_the_house(kind: str, *, has_persons: bool) -> bool:
    """Whether a notice of this kind has more to do than to stand in the inbox or on the page of the order."""
    return bool(of(kind).ways) if has_persons else bool(of(kind).asker)


def number_of(notice: Notice) -> str:
    """The full number of the order a notice is about, or nothing."""
    return str(notice.facts.get("number", ""))


def short_number(full: str) -> str:
    """「0810-048」, as it is said aloud, of the number in full."""
    return "-".join(full.split("-")[-2:])


def sentence(notice: Notice) -> str:
    """What a notice says to a member of staff; a kind without words of its own says that something moved."""
    return str(of(notice.kind).staff or UNKNOWN.staff) % {"number": short_number(number_of(notice))}


def is_quiet(at: datetime) -> bool:
    """Whether it is night on the local clock, on any day of the week."""
    hour = timezone.localtime(at).hour
    return hour >= QUIET_FROM or hour < QUIET_TO


def when_allowed(lane: Lane, at: datetime) -> datetime:
    """`at`, or the end of the quiet hours where this lane respects them."""
    if lane < Lane.PROGRESS or not is_quiet(at):
        return at
    local = timezone.localtime(at)
    day = local.date() if local.hour < QUIET_TO else local.date() + timedelta(days=1)
    return timezone.make_aware(datetime(day.year, day.month, day.day, QUIET_TO), local.tzinfo)  # noqa: DTZ001 (the next word gives it its zone)
