"""Settings that must not meet a public network, as Django system checks; `sandan serve` obeys them."""

import base64
import binascii
import stat
from collections.abc import Callable, Iterator
from ipaddress import ip_network
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register

from sandan.core.sealed import DIGEST, KEY_LENGTH

SECRET_LENGTH = 32
TOKEN_LENGTH = 20
KEYS = ("sandan.E003", "sandan.E005", "sandan.E006", "sandan.E007")


def _switches() -> Iterator[CheckMessage]:
    if settings.DEBUG:
        yield Error("调试模式开着，出错时会把内部数据显示给访问者。", hint="去掉 SANDAN_DEBUG。", id="sandan.E001")
    if settings.DEMO:
        yield Error("演示登录开着，任何人都能进来。", hint="去掉 SANDAN_DEMO；演示请用 sandan demo。", id="sandan.E002")


def _secret() -> Iterator[CheckMessage]:
    key = settings.SECRET_KEY
    if len(key) < SECRET_LENGTH or len(set(key)) < 8 or key.startswith(("unsafe", "django-insecure")):
        hint = f"把 SANDAN_SECRET_KEY 设为至少 {SECRET_LENGTH} 位的随机字符，例如 openssl rand -base64 48 的输出。"
        yield Error("登录会话的密钥太弱，别人可以伪造登录。", hint=hint, id="sandan.E003")


def _hosts() -> Iterator[CheckMessage]:
    if any(host in {"", "*"} for host in settings.HOSTS):
        hint = "把 SANDAN_HOSTS 设为真实的域名，多个用逗号隔开，不能有 * 和空项。"
        yield Error("任何域名都会被当成本站。", hint=hint, id="sandan.E004")


def nameless(https: bool) -> Iterator[CheckMessage]:
    """An encrypted site that knows only this machine's own names."""
    if https and set(settings.HOSTS) <= set(settings.LOOPBACK):
        hint = "把 SANDAN_HOSTS 设为居民输入的域名，例如 sandan.example.gov.cn。"
        yield Error("开着 HTTPS，却没有写本站的域名，别的机器打不开。", hint=hint, id="sandan.E008")


def _names() -> Iterator[CheckMessage]:
    yield from nameless(settings.HTTPS)


def _proxies() -> Iterator[CheckMessage]:
    for text in settings.PROXIES:
        try:
            ip_network(text.strip(), strict=False)
        except ValueError:
            hint = "写反向代理的地址或网段，例如 127.0.0.1,10.1.0.0/16。"
            yield Error(f"SANDAN_PROXIES 里的 {text} 不是地址。", hint=hint, id="sandan.E009")


def _token() -> Iterator[CheckMessage]:
    if settings.METRICS_TOKEN and len(settings.METRICS_TOKEN) < TOKEN_LENGTH:
        hint = f"SANDAN_METRICS_TOKEN 至少 {TOKEN_LENGTH} 位；只从本机取指标就不用设。"
        yield Error("取指标的口令太短。", hint=hint, id="sandan.E010")


def _seal_key() -> Iterator[CheckMessage]:
    path = Path(settings.SEAL_KEY_FILE)
    hint = "SANDAN_SEAL_KEY_FILE 要指向密封密钥；第一次由 sandan init 生成，之后请单独备份。"
    try:
        mode, lines = path.stat().st_mode, path.read_text().split()
    except OSError:
        yield Error(f"读不到密封字段的密钥 {path}。", hint=hint, id="sandan.E005")
        return
    if stat.S_IMODE(mode) & 0o077:
        yield Error(f"密封密钥 {path} 别的账户也能读。", hint=f"请执行 chmod 600 {path}", id="sandan.E006")
    if not lines or any(not _is_key(line) for line in lines):
        yield Error(f"密封密钥 {path} 的内容不对：每行应是 32 字节的 base64。", hint=hint, id="sandan.E007")


def _is_key(line: str) -> bool:
    try:
        return len(base64.b64decode(line.removeprefix(DIGEST), validate=True)) == KEY_LENGTH
    except (binascii.Error, ValueError):
        return False


def _map() -> Iterator[CheckMessage]:
    if settings.MAP_TILES and not settings.MAP_APPROVAL:
        hint = "把 SANDAN_MAP_APPROVAL 设为该底图的审图号，或去掉 SANDAN_MAP_TILES。"
        yield Warning("设了底图，没有写审图号。", hint=hint, id="sandan.W001")


def _signing_in() -> Iterator[CheckMessage]:
    """What people will miss when they sign in."""
    if settings.SECOND_FACTOR not in ("required", "offered"):
        hint = "SANDAN_SECOND_FACTOR 写 required（岗位必须有第二道验证）或 offered（自愿）。"
        yield Error("第二道验证的设置不认识。", hint=hint, id="sandan.E011")
    if settings.SECOND_FACTOR == "offered":
        hint = "正式使用请去掉 SANDAN_SECOND_FACTOR=offered。"
        yield Warning("派单、管理、安全、审计岗位没有第二道验证也能登录。", hint=hint, id="sandan.W002")
    if not settings.HTTPS:
        hint = "开了 HTTPS 才有；没有之前，第二道验证只能用验证器。"
        yield Warning("没有 HTTPS，通行密钥用不了。", hint=hint, id="sandan.W003")
    if not (settings.SMS_URL and settings.SMS_KEY and settings.SMS_SECRET):
        hint = "设好 SANDAN_SMS_URL、SANDAN_SMS_KEY、SANDAN_SMS_SECRET；没有之前，党员只能用密码登录。"
        yield Warning("没有短信通道，手机验证码登录用不了。", hint=hint, id="sandan.W004")
    if "oidc" in settings.OUTSIDE and not settings.OIDC_URL.startswith("https://"):
        hint = "SANDAN_OIDC_URL 要用 https 地址。"
        yield Error("统一身份认证的地址没有加密，别人可以冒充。", hint=hint, id="sandan.E012")


RULES: tuple[Callable[[], Iterator[CheckMessage]], ...] = (
    _switches,
    _secret,
    _hosts,
    _names,
    _proxies,
    _token,
    _seal_key,
    _map,
    _signing_in,
)


@register(Tags.security, deploy=True)
def safe_to_serve(**_rest: Any) -> list[CheckMessage]:
    """Everything that speaks against opening this installation to a network; empty when nothing does."""
    return [message for rule in RULES for message in rule()]
