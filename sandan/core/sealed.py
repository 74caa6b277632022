"""Sealed fields: AES-256-GCM, the key outside the database; reading one is an act that leaves a line."""

import base64
import hashlib
import hmac
import os
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.db import models
from django.db.models.query_utils import DeferredAttribute

VERSION = b"\x01"
KEY_LENGTH = 32  # bytes
DIGEST = "digest:"  # begins the line of the key that digests and opens nothing
RETIRED = ".retired"  # beside the key file: keys that seal no more, for old backups and for what came late


@dataclass(frozen=True, repr=False)
class KeyRing:
    """A key file, read: the keys that seal and open, newest first, and the one that digests. It prints as nothing."""

    sealing: tuple[bytes, ...]
    digesting: bytes

    @property
    def ids(self) -> tuple[str, ...]:
        """The ids of the sealing keys (8 hex digits each); every sealed value begins with its key's."""
        return tuple(_key_id(key).hex() for key in self.sealing)

    @property
    def text(self) -> str:
        """As a key file: one base64 line of 32 bytes each."""
        lines = [*(_line(key) for key in self.sealing), DIGEST + _line(self.digesting)]
        return "".join(f"{line}\n" for line in lines)


def ring_of(text: str) -> KeyRing:
    """A key file's text, read. In one without a line for digests the oldest key digests as well, as it always did."""
    lines = text.split()
    sealing = tuple(base64.b64decode(line) for line in lines if not line.startswith(DIGEST))
    digesting = [base64.b64decode(line.removeprefix(DIGEST)) for line in lines if line.startswith(DIGEST)]
    return KeyRing(sealing, digesting[0] if digesting else sealing[-1])


def _line(key: bytes) -> str:
    return base64.b64encode(key).decode()


def ring() -> KeyRing:
    """The keys in force now; a file that was exchanged is read anew, so that a rotation stops nobody."""
    path = str(settings.SEAL_KEY_FILE)
    try:
        found = os.stat(path)
    except FileNotFoundError as fault:
        raise ImproperlyConfigured(f"SANDAN_SEAL_KEY_FILE: no key at {path}; `sandan init` makes one") from fault
    return _keys(path, (found.st_mtime_ns, found.st_size, found.st_ino))


@lru_cache(maxsize=4)
def _keys(path: str, stamp: tuple[int, int, int]) -> KeyRing:  # noqa: ARG001 (another stamp is another file)
    return ring_of(Path(path).read_text())


def retired() -> tuple[bytes, ...]:
    """The keys that seal no more, where their file still lies beside the other."""
    path = Path(f"{settings.SEAL_KEY_FILE}{RETIRED}")
    return tuple(base64.b64decode(line) for line in path.read_text().split()) if path.exists() else ()


def make_key(path: Path) -> None:
    """Write a new key file that only its owner may read; an existing one is left alone."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(KeyRing((os.urandom(KEY_LENGTH),), os.urandom(KEY_LENGTH)).text)


def _key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"sandan key id" + key).digest()[:4]


def ids_of(text: str) -> tuple[str, ...]:
    """The ids of the sealing keys in a key file's text."""
    return ring_of(text).ids if text.strip() else ()


def digest_id(text: str) -> str:
    """The id of the digesting key in a key file's text: with another one nobody is found by phone or code."""
    return hashlib.sha256(b"sandan digest id" + ring_of(text).digesting).hexdigest()[:8] if text.strip() else ""


def seal(clear: bytes, label: str) -> bytes:
    """Encrypt for one place (`label`, e.g. "orders.Asker.phone"): the result opens nowhere else."""
    key, nonce = ring().sealing[0], os.urandom(12)
    return VERSION + _key_id(key) + nonce + AESGCM(key).encrypt(nonce, clear, label.encode())


def unseal(box: bytes, label: str) -> bytes:
    """The clear bytes; raises cryptography's InvalidTag where key, label or content do not fit."""
    keys = ring().sealing
    key = next((k for k in keys if _key_id(k) == box[1:5]), None)
    key = key or next((k for k in retired() if _key_id(k) == box[1:5]), keys[0])
    return AESGCM(key).decrypt(box[5:17], box[17:], label.encode())


def digest(value: str, purpose: str) -> bytes:
    """A keyed digest (HMAC-SHA-256, 32 bytes): equal values are found, none is read back or tried from a list."""
    return hmac.new(ring().digesting, f"{purpose}\0{value}".encode(), hashlib.sha256).digest()


class Sealed:
    """A value under seal. Printing it shows nothing; `open_unlogged` is for machines, people go through core.looks."""

    __slots__ = ("_box", "_label")

    def __init__(self, box: bytes, label: str) -> None:
        self._box, self._label = box, label

    @classmethod
    def of(cls, clear: str | bytes, label: str) -> "Sealed":
        return cls(seal(clear.encode() if isinstance(clear, str) else clear, label), label)

    @property
    def box(self) -> bytes:
        return self._box

    @property
    def label(self) -> str:
        """The place it was sealed for."""
        return self._label

    def open_bytes(self) -> bytes:
        return unseal(self._box, self._label)

    def open_unlogged(self) -> str:
        """The clear text, for work that no person sees (masking, matching a digest, sending to the asker himself)."""
        return self.open_bytes().decode()

    def __repr__(self) -> str:
        return "‹sealed›"

    __str__ = __repr__


if TYPE_CHECKING:
    _Bytes = models.BinaryField[Any, Any]
else:
    _Bytes = models.BinaryField


class WrongSeal(ValueError):
    """A value sealed for one place was put into another, where it would never open."""


class _Sealing(DeferredAttribute):
    """What is assigned to a sealed field is under seal at once: no instance ever holds the clear text."""

    def __set__(self, instance: models.Model, value: object) -> None:
        instance.__dict__[self.field.attname] = cast(_SealedField, self.field).sealed(value)


class _SealedField(_Bytes):
    """Bytes at rest, `Sealed` in Python. Assign str, bytes, Sealed or None."""

    descriptor_class = _Sealing

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("editable", False)
        super().__init__(*args, **kwargs)

    @property
    def place(self) -> str:
        return f"{self.model._meta.label}.{self.name}"

    def from_db_value(self, value: Any, _expression: Any, _connection: Any) -> Sealed | None:
        return None if value is None else Sealed(bytes(value), self.place)

    def sealed(self, value: Any) -> Any:
        """The value under seal for this field. One sealed for another field is refused."""
        if isinstance(value, str | bytes):
            return Sealed.of(value, self.place)
        if isinstance(value, Sealed) and value.label != self.place:
            raise WrongSeal(f"sealed for {value.label}, not for {self.place}")
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        value = self.sealed(value)
        return super().get_db_prep_value(value.box if isinstance(value, Sealed) else value, connection, prepared)


class SealedTextField(_SealedField):
    """Text under seal."""


class SealedBytesField(_SealedField):
    """A photo or a sound under seal."""
