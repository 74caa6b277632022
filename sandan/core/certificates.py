"""The certificate and key an office gives us for HTTPS: whether they fit, for which names, for how long."""

import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Literal

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
)
from django.conf import settings
from django.utils.translation import gettext as _

from sandan.core.errors import Refused

SOON = timedelta(days=21)
PLAIN_HEAD = b"-----BEGIN PRIVATE KEY-----"  # PKCS#8, the one form the web server reads
LOCAL = {"localhost", "127.0.0.1", "[::1]", "::1"}
_PUBLIC = (Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
Fault = tuple[Literal["warn", "fail"], str]


class BadCertificate(Refused):
    """The files cannot be used; the text says which and why."""


@dataclass(frozen=True)
class Pair:
    """A certificate (with its chain) and its key, both PEM files."""

    certificate: Path
    key: Path

    def usable_key(self) -> Path:
        """The key in the form the web server reads: the file itself, or a copy of ours for its owner alone."""
        content = _bytes_of(self.key)
        if PLAIN_HEAD in content:
            return self.key
        copy = Path(settings.HOME) / "https.key"
        part = copy.with_suffix(".part")
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(_key(content, self.key).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        part.rename(copy)
        return copy


def given(certificate: str, key: str) -> Pair | None:
    """The pair that the settings or the command line name; None for none, refused for half of one."""
    if bool(certificate) != bool(key):
        raise BadCertificate(_("证书和私钥要一起给：--cert 文件 --key 文件，或同时设 SANDAN_CERT 和 SANDAN_KEY。"))
    return Pair(Path(certificate).absolute(), Path(key).absolute()) if certificate else None


def faults(pair: Pair, hosts: Sequence[str], at: datetime) -> list[Fault]:
    """What speaks against this pair for a site of these names at that time; empty when nothing does."""
    try:
        certificate = _certificate(pair.certificate)
        private = _key(_bytes_of(pair.key), pair.key)
    except BadCertificate as error:
        return [("fail", str(error))]
    found: list[Fault] = list(_time_faults(certificate, at))
    if private.public_key().public_bytes(*_PUBLIC) != certificate.public_key().public_bytes(*_PUBLIC):
        found.append(("fail", _("私钥 %(key)s 和证书不是一对。") % {"key": pair.key}))
    if stat.S_IMODE(pair.key.stat().st_mode) & 0o027:
        found.append(("fail", _("私钥 %(key)s 别的账户也能读。请执行 chmod o=,g-wx %(key)s") % {"key": pair.key}))
    names = _names(certificate)
    missing = [host for host in hosts if host not in LOCAL and not _covers(names, host.lower())]
    if missing:
        facts = {"missing": "、".join(missing), "names": "、".join(sorted(names))}
        found.append(("fail", _("证书是给 %(names)s 的，不含 %(missing)s，浏览器会拦下。") % facts))
    return found


def _time_faults(certificate: x509.Certificate, at: datetime) -> list[Fault]:
    ends, facts = certificate.not_valid_after_utc, {"on": f"{certificate.not_valid_after_utc:%Y-%m-%d}"}
    if ends <= at:
        return [("fail", _("证书已在 %(on)s 过期，浏览器会拦下。请换新证书。") % facts)]
    if certificate.not_valid_before_utc > at:
        return [("fail", _("证书还没有生效，请看本机时间对不对。"))]
    if ends - at < SOON:
        facts["days"] = str((ends - at).days)
        return [("warn", _("证书 %(on)s 到期，还剩 %(days)s 天。请换新证书，再执行 systemctl reload sandan。") % facts)]
    return []


def _names(certificate: x509.Certificate) -> set[str]:
    """The names and addresses a certificate is for."""
    try:
        extension = certificate.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return set()
    names = {name.lower() for name in extension.get_values_for_type(x509.DNSName)}
    return names | {str(address) for address in extension.get_values_for_type(x509.IPAddress)}


def _covers(names: set[str], host: str) -> bool:
    """Whether a name of the certificate stands for a host; a star stands for one part. ".a.cn" asks for "*.a.cn"."""
    host = host.strip("[]")
    return host in names or f"*.{host.partition('.')[2]}" in names


def _certificate(path: Path) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificates(_bytes_of(path))[0]
    except ValueError as error:
        raise BadCertificate(_("%(path)s 不是 PEM 格式的证书。") % {"path": path}) from error


def _key(content: bytes, path: Path) -> PrivateKeyTypes:
    try:
        return load_pem_private_key(content, password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        words = _("%(path)s 不是没有口令的 PEM 私钥。有口令的请先去掉口令。")
        raise BadCertificate(words % {"path": path}) from error


def _bytes_of(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise BadCertificate(_("读不了 %(path)s：%(why)s") % {"path": path, "why": error.strerror}) from error
