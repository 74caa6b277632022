"""The line of `sandan check` about messages."""

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from sandan.core.words import when
from sandan.notices import channels
from sandan.notices.channels import sms
from sandan.notices.queries.unsent import outlook


def probe() -> tuple[str, str]:
    """Level and sentence: an unsafe way, what lies too long, what did not arrive, and which ways there are."""
    if settings.SMS_URL and not sms.is_safe(settings.SMS_URL):
        return "fail", _("短信平台的地址不是 https，短信不会发；请改 SANDAN_SMS_URL")
    if settings.SMS_URL and not channels.reaches_phones():
        return "fail", _("短信平台少了密钥，短信不会发；请设 SANDAN_SMS_KEY 和 SANDAN_SMS_SECRET")
    found, facts = outlook(timezone.now()), []
    if found.overdue:
        words = _("%(n)d 条该发没发，最早 %(at)s；请看后台进程")
        facts.append(words % {"n": found.overdue, "at": when(found.oldest)})
    if found.missed:
        facts.append(_("一天里 %(n)d 条没送到，名单在「没送到的通知」") % {"n": found.missed})
    if found.without_provider:
        facts.append(_("一天里 %(n)d 条没有路可走：短信或邮件还没有接上") % {"n": found.without_provider})
    return ("warn", "；".join(facts)) if facts else ("ok", _ways())


def _ways() -> str:
    if channels.is_stage():
        return _("演示：不真发短信")
    open_ways = [_("短信")] * channels.reaches_phones() + [_("邮件")] * channels.reaches_mail()
    return _("%(ways)s通着，没有积压") % {"ways": "、".join(open_ways)} if open_ways else _("只有站内消息，没有积压")
