"""core.certificates: what a browser would stumble on is said before it does."""

import ipaddress
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import NameOID

from sandan.core import certificates
from sandan.core.certificates import BadCertificate, Pair

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)
NAME = "sandan.example"


def a_pair(
    folder: Path,
    names: tuple[str, ...] = (NAME,),
    days: int = 90,
    form: PrivateFormat = PrivateFormat.PKCS8,
    at: datetime = NOW,
) -> Pair:
    """A certificate of ours for these names, good from the day before `at` for so many days, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, NAME)])
    known: list[x509.GeneralName] = [x509.DNSName(name) for name in names]
    known.append(x509.IPAddress(ipaddress.ip_address("192.0.2.1")))
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    builder = builder.serial_number(7).not_valid_before(at - timedelta(1)).not_valid_after(at + timedelta(days))
    builder = builder.add_extension(x509.SubjectAlternativeName(known), critical=False)
    pair = Pair(folder / "site.pem", folder / "site.key")
    pair.certificate.write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    pair.key.write_bytes(key.private_bytes(Encoding.PEM, form, NoEncryption()))
    pair.key.chmod(0o600)
    return pair


def found(pair: Pair, *hosts: str, at: datetime = NOW) -> list[str]:
    """Level and first words of each fault."""
    return [f"{level} {text}" for level, text in certificates.faults(pair, hosts or (NAME,), at)]


class TestFaults:
    def test_are_none_for_a_good_pair(self, tmp_path: Path) -> None:
        assert found(a_pair(tmp_path), NAME, "localhost", "127.0.0.1", "192.0.2.1") == []

    def test_warn_three_weeks_before_the_end(self, tmp_path: Path) -> None:
        (fault,) = found(a_pair(tmp_path, days=20))
        assert fault.startswith("warn 证书 2026-12-13 到期，还剩 20 天")
        assert found(a_pair(tmp_path, days=22)) == []

    def test_tell_a_certificate_that_is_over_and_one_that_has_not_begun(self, tmp_path: Path) -> None:
        pair = a_pair(tmp_path)
        assert "fail" in found(pair, at=NOW + timedelta(91))[0]
        assert "本机时间" in found(pair, at=NOW - timedelta(9))[0]

    def test_tell_a_name_the_certificate_is_not_for(self, tmp_path: Path) -> None:
        (fault,) = found(a_pair(tmp_path), "other.example", NAME)
        assert fault.startswith("fail")
        assert "不含 other.example" in fault

    def test_let_a_star_stand_for_one_part(self, tmp_path: Path) -> None:
        pair = a_pair(tmp_path, names=("*.example",))
        assert found(pair, NAME) == []
        assert len(found(pair, "a.b.example")) == 1

    def test_tell_a_key_of_another_certificate(self, tmp_path: Path) -> None:
        pair = a_pair(tmp_path)
        kept = pair.certificate.read_bytes()
        a_pair(tmp_path)
        pair.certificate.write_bytes(kept)
        assert any("不是一对" in fault for fault in found(pair))

    @pytest.mark.parametrize(("mode", "count"), [(0o600, 0), (0o640, 0), (0o644, 1), (0o660, 1)])
    def test_tell_a_key_others_can_read(self, mode: int, count: int, tmp_path: Path) -> None:
        pair = a_pair(tmp_path)
        pair.key.chmod(mode)
        assert [fault for fault in found(pair) if "chmod" in fault] == found(pair)
        assert len(found(pair)) == count

    def test_tell_files_that_are_not_there_or_something_else(self, tmp_path: Path) -> None:
        pair = a_pair(tmp_path)
        assert "读不了" in found(Pair(tmp_path / "none.pem", pair.key))[0]
        assert "不是 PEM" in found(Pair(pair.key, pair.key))[0]
        assert "私钥" in found(Pair(pair.certificate, pair.certificate))[0]

    def test_tell_a_key_with_a_password(self, tmp_path: Path) -> None:
        pair = a_pair(tmp_path)
        key = load_pem_private_key(pair.key.read_bytes(), None)
        lock = BestAvailableEncryption(b"word")
        pair.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, lock))
        assert "口令" in found(pair)[0]


class TestUsableKey:
    def test_is_the_file_itself_where_the_server_can_read_it(self, tmp_path: Path) -> None:
        pair = a_pair(tmp_path)
        assert pair.usable_key() == pair.key

    def test_is_a_copy_for_its_owner_alone_where_it_cannot(self, tmp_path: Path, settings: Any) -> None:
        settings.HOME = tmp_path
        pair = a_pair(tmp_path, form=PrivateFormat.TraditionalOpenSSL)
        copy = pair.usable_key()
        assert copy.read_bytes().startswith(certificates.PLAIN_HEAD)
        assert stat.S_IMODE(copy.stat().st_mode) == 0o600
        old = load_pem_private_key(pair.key.read_bytes(), None).public_key()
        assert load_pem_private_key(copy.read_bytes(), None).public_key() == old


class TestGiven:
    def test_is_nothing_or_both(self, tmp_path: Path) -> None:
        assert certificates.given("", "") is None
        assert certificates.given("a.pem", "a.key") == Pair(Path("a.pem").absolute(), Path("a.key").absolute())

    @pytest.mark.parametrize("half", [("a.pem", ""), ("", "a.key")])
    def test_refuses_half(self, half: tuple[str, str]) -> None:
        with pytest.raises(BadCertificate, match="一起"):
            certificates.given(*half)
