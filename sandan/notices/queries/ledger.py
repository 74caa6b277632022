"""The ledger in words: who was told, by what, and whether it arrived."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.notices import kinds
from sandan.notices.channels.trouble import UNSURE
from sandan.notices.models import NOT_ARRIVED, UNDER_WAY, Delivery, Notice, State

MOST = 200  # of one order: more was told only of one that went round for months


@dataclass(frozen=True)
class Told:
    """One receiver and what became of one notice: `name` is a member of staff's, empty for who asked."""

    at: datetime
    name: str
    asker_id: int | None
    text: str
    ways: tuple[str, ...]
    is_missed: bool


def deliveries_of(subject: models.Model) -> list[Told]:
    """All that was told about one thing, the latest first; two statements."""
    notices = Notice.objects.filter(subject_id=subject.pk, subject=subject._meta.label_lower)
    found = list(notices.select_related("person").prefetch_related("deliveries").order_by("-at", "-pk")[:MOST])
    return [_told(notice) for notice in found]


def _told(notice: Notice) -> Told:
    lines = list(notice.deliveries.all())
    return Told(
        at=notice.at, name=notice.person.name if notice.person else "", asker_id=notice.asker_id,
        text=asker_words(notice) if notice.asker_id else kinds.sentence(notice),
        ways=ways_of(notice, lines), is_missed=any(line.state in NOT_ARRIVED for line in lines),
    )  # fmt: skip


def asker_words(notice: Notice) -> str:
    """What the asker was told, without what only he may read."""
    names = {"number": kinds.short_number(kinds.number_of(notice)), "who": _("师傅"), "code": "••••••"}
    return str(kinds.of(notice.kind).asker or kinds.UNKNOWN.staff) % names


def ways_of(notice: Notice, lines: Iterable[Delivery]) -> tuple[str, ...]:
    """How it went on each way, as sentences: 「消息 8:10 看过」, 「短信 8:12 送到」."""
    here = (_inbox_words(notice),) if notice.person_id else ()
    out = tuple(_line_words(line) for line in lines)
    return here + out or (_("写在进度页上"),)


def ways_out(notice: Notice) -> tuple[str, ...]:
    """How it went on the ways out of the house alone, for who reads it in the inbox anyhow."""
    return tuple(_line_words(line) for line in notice.deliveries.all())


def _inbox_words(notice: Notice) -> str:
    return _("消息 %(at)s 看过") % {"at": _clock(notice.read_at)} if notice.read_at else _("消息还没看")


def _line_words(line: Delivery) -> str:
    way = channel_name(line.channel)
    if line.state == State.RECEIVED:
        demo = _("（演示）") if line.reference == "demo" else ""
        return _("%(way)s已送达 %(at)s") % {"way": way, "at": _clock(line.received_at)} + demo
    if line.error == UNSURE:
        return _unsure_words(line, way)
    if line.state == State.SENT:
        return _("%(way)s已发 %(at)s") % {"way": way, "at": _clock(line.sent_at)}
    if line.state in UNDER_WAY:
        again = _("，上次没发成：%(why)s") % {"why": why(line.error)} if line.error else ""
        return _("%(way)s待发 %(at)s") % {"way": way, "at": _clock(line.next_at)} + again
    if line.state == State.REPLACED:
        return _("%(way)s没单发，并进后一条") % {"way": way}
    return _("%(way)s没送到：%(why)s") % {"way": way, "why": why(line.error)}


def _unsure_words(line: Delivery, way: str) -> str:
    if line.state in UNDER_WAY:
        return _("%(way)s不确定发出没有，%(at)s 再发一次") % {"way": way, "at": _clock(line.next_at)}
    return _("%(way)s不确定发出没有，不再重发") % {"way": way}


def channel_name(channel: str) -> str:
    """What a way out is called."""
    return {"sms": _("短信"), "email": _("邮件")}.get(channel, "")


def why(code: str) -> str:
    """A code of the ledger in words that say what to mend; a provider's own code as it is."""
    known = {
        "no_phone": _("没留手机号"), "sealed": _("密封的单子不发短信"), "no_calls": _("说过不用联系"),
        "no_provider": _("还没有接上短信或邮件"), "switched_off": _("本人关了"), "no_address": _("没有登记号码或邮箱"),
        "inactive": _("账号停用了"), "gone": _("号码已经删除"), "too_late": _("耽搁太久，不再发"),
        "unsure": _("不确定发出没有，请问一声"),
        "tries": _("试了多次没发成"), "timeout": _("短信平台没回应"), "no_connection": _("连不上短信平台或邮件服务器"),
        "certificate": _("短信平台的证书不对"), "insecure_address": _("短信平台的地址不是 https"),
        "http_401": _("短信平台不认密钥"), "http_403": _("短信平台不认密钥"), "http_400": _("短信平台不收这个号码"),
        "http_422": _("短信平台不收这个号码"), "smtp_login": _("邮件服务器不认密码"),
        "smtp_refused": _("邮箱不收"), "address": _("邮箱写得不对"), "plan": _("这条消息有毛病，请告诉管理员"),
        "writing": _("这条消息有毛病，请告诉管理员"), "sending": _("这条消息有毛病，请告诉管理员"),
    }  # fmt: skip
    return known.get(code, code or _("没说原因"))


def _clock(at: datetime | None) -> str:
    """「8:12」 today, with the day otherwise."""
    if at is None:
        return ""
    local, today = timezone.localtime(at), timezone.localdate()
    clock = f"{local.hour}:{local.minute:02}"
    return clock if local.date() == today else f"{local.month}-{local.day} {clock}"
