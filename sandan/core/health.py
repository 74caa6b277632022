"""What `sandan check` looks at: one finding per thing, none of which stops the others from being looked at."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.apps import apps
from django.conf import settings
from django.core.checks import run_checks
from django.db import DatabaseError, ProgrammingError, connection
from django.utils import timezone
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from sandan.core import calendar, certificates, checks, serving, tasks
from sandan.core.errors import Refused
from sandan.core.models import Erasure

OLDEST = 150000  # PostgreSQL 15
SKEW = timedelta(seconds=2)
SILENT = timedelta(seconds=60)
GIGABYTE = 1024**3
LEAST_ROOM = GIGABYTE // 2
BACKUP_MARK, BACKUP_DUE = "last-backup", timedelta(days=2)
FORGETTING_DUE = timedelta(days=2)


@dataclass(frozen=True)
class Finding:
    """One thing looked at: "ok", "warn" or "fail", and a sentence."""

    name: str
    level: str
    text: str


def findings() -> tuple[Finding, ...]:
    """Everything, in the order of dependence; a database that does not answer is one finding for each that needs it."""
    return tuple(_safely(name, probe) for name, probe in (*PROBES, *_of_rooms()))


def _of_rooms() -> list[tuple[str, Callable[[], tuple[str, str]]]]:
    """What the rooms above add: pairs of a name and a dotted path, in `probes` of their AppConfig."""
    pairs = [pair for app in apps.get_app_configs() for pair in getattr(app, "probes", ())]
    return [(name, import_string(path)) for name, path in pairs]


def _safely(name: str, probe: Callable[[], tuple[str, str]]) -> Finding:
    try:
        return Finding(name, *probe())
    except ProgrammingError:
        return Finding(name, "fail", _("数据表还没有建好，请执行 sandan init；旧数据请执行 sandan upgrade"))
    except Refused as refusal:
        return Finding(name, "fail", str(refusal))
    except DatabaseError as error:
        return Finding(name, "fail", _("数据库没有回答：%(why)s") % {"why": str(error).strip().split("\n")[0]})


def _settings() -> tuple[str, str]:
    faults = [m for m in run_checks(include_deployment_checks=False) if m.is_serious()]
    faults += [m for m in checks.safe_to_serve() if m.id not in checks.KEYS]
    if not faults:
        return "ok", _("没有不安全的设置")
    level = "fail" if any(m.is_serious() for m in faults) else "warn"
    return level, " ".join(f"{m.msg}{m.hint or ''}" for m in faults)


def _keys() -> tuple[str, str]:
    faults = [m for m in checks.safe_to_serve() if m.id in checks.KEYS]
    if faults:
        return "fail", " ".join(f"{m.msg}{m.hint}" for m in faults)
    return "ok", _("密封密钥在 %(path)s，只有本账户能读；请单独备份") % {"path": settings.SEAL_KEY_FILE}


def _https() -> tuple[str, str]:
    """Browsers on phones give a page over plain http neither position nor camera, and no passkey."""
    if not settings.HTTPS:
        return "warn", _(
            "没有 HTTPS：手机打开时，定位、拍照、通行密钥都用不了，内容也会被人看到。"
            "请给证书（SANDAN_CERT、SANDAN_KEY），或放在 HTTPS 代理后面并设 SANDAN_HTTPS=1"
        )
    pair = certificates.given(settings.CERT, settings.KEY)
    if pair is None:
        facts = {"proxies": "、".join(settings.PROXIES) or _("无，请设 SANDAN_PROXIES")}
        return "ok", _("由代理加密，只信任 %(proxies)s；证书何时到期请在代理上看") % facts
    found = certificates.faults(pair, settings.HOSTS, timezone.now())
    level = "fail" if any(level == "fail" for level, _text in found) else "warn" if found else "ok"
    return level, " ".join(text for _level, text in found) or _("证书和域名相符，21 天内不到期")


def _database() -> tuple[str, str]:
    connection.ensure_connection()
    number = connection.pg_version  # type: ignore[attr-defined]
    shown = f"PostgreSQL {number // 10000}.{number % 10000}"
    if number < OLDEST:
        return "fail", _("%(version)s 太旧，至少需要 15") % {"version": shown}
    return "ok", _("%(version)s，库 %(name)s") % {"version": shown, "name": settings.DATABASES["default"]["NAME"]}


def _migrations() -> tuple[str, str]:
    missing = serving.unapplied()
    if missing:
        return "fail", _("还差 %(count)d 个迁移，请执行 sandan upgrade") % {"count": missing}
    return "ok", _("都已执行")


def _clock() -> tuple[str, str]:
    before = timezone.now()
    with connection.cursor() as cursor:
        cursor.execute("SELECT clock_timestamp()")
        there = cursor.fetchone()[0]
    after = timezone.now()
    skew = max(before - there, there - after, timedelta(0))
    if skew > SKEW:
        return "fail", _("本机与数据库相差 %(seconds).1f 秒，期限会算错；请开启网络对时") % {
            "seconds": skew.total_seconds()
        }
    return "ok", _("本机与数据库一致，时区 %(zone)s") % {"zone": settings.TIME_ZONE}


def _holidays() -> tuple[str, str]:
    year = timezone.localdate().year + 1
    if calendar.plan_known(year):
        return "ok", _("%(year)d 年放假安排已有") % {"year": year}
    words = _("%(year)d 年放假安排未公布，期限暂按周末计算；公布后用 sandan holidays 载入")
    return "warn", words % {"year": year}


def has_room() -> bool:
    """Whether the disk of our home has enough left to go on."""
    return shutil.disk_usage(settings.HOME).free >= LEAST_ROOM


def worker_is_silent() -> bool:
    """Whether due work lies still: no worker has said for a while that it is alive."""
    heard = tasks.last_heartbeat()
    return heard is None or timezone.now() - heard > SILENT


def _disk() -> tuple[str, str]:
    usage = shutil.disk_usage(settings.HOME)
    facts = {"free": usage.free / GIGABYTE, "share": 100 * usage.free / usage.total}
    words = _("可用 %(free).1f GB（%(share).0f%%）") % facts
    if usage.free < LEAST_ROOM:
        return "fail", words
    return ("warn" if usage.free < 5 * GIGABYTE else "ok"), words


def _worker() -> tuple[str, str]:
    heard = tasks.last_heartbeat()
    if heard is None or timezone.now() - heard > SILENT:
        return "warn", _("没有在运行：期限、通知和日志封存都停着；sandan serve 会启动它")
    return "ok", _("%(seconds)d 秒前有心跳") % {"seconds": (timezone.now() - heard).total_seconds()}


def last_backup() -> datetime | None:
    """When the last backup from here was whole; None when none is known."""
    try:
        return datetime.fromisoformat((Path(settings.HOME) / BACKUP_MARK).read_text().strip())
    except (OSError, ValueError):
        return None


def _backup() -> tuple[str, str]:
    made = last_backup()
    if made is None:
        return "warn", _("这里还没有备份过；请执行 sandan backup 文件夹，并把密封密钥另存一处")
    age = timezone.now() - made
    words = _("%(hours)d 小时前备份过") % {"hours": age.total_seconds() // 3600}
    return ("warn", words + _("，该再备份一次了")) if age > BACKUP_DUE else ("ok", words)


def _forgetting() -> tuple[str, str]:
    """Whether last night's erasing ran, and left nothing over."""
    latest = Erasure.objects.order_by("rule", "-id").distinct("rule")
    over = sum(one.left or 0 for one in latest)
    last = max((one.at for one in latest), default=None)
    if last is None:
        return "warn", _("还没有跑过；sandan serve 每天凌晨跑一次")
    age = timezone.now() - last
    if age > FORGETTING_DUE:
        return "warn", _("%(days)d 天没有跑了；请让 sandan serve 的后台进程整夜开着") % {"days": age.days}
    if over:
        return "warn", _("还有 %(count)d 处过期没删，今晚接着删") % {"count": over}
    return "ok", _("%(hours)d 小时前跑过，过期的都删了") % {"hours": age.total_seconds() // 3600}


PROBES: tuple[tuple[str, Callable[[], tuple[str, str]]], ...] = (
    ("设置", _settings),
    ("密钥", _keys),
    ("加密", _https),
    ("数据库", _database),
    ("迁移", _migrations),
    ("时钟", _clock),
    ("放假安排", _holidays),
    ("磁盘", _disk),
    ("备份", _backup),
    ("后台进程", _worker),
    ("到期删除", _forgetting),
)
