"""Passkeys: a key pair on somebody's phone or stick that signs our question; the library checks, we keep the rows."""

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _
from fido2.server import Fido2Server
from fido2.webauthn import (
    AttestedCredentialData,
    AuthenticationResponse,
    PublicKeyCredentialRpEntity,
    PublicKeyCredentialUserEntity,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from sandan.core import journal
from sandan.core.errors import Refused
from sandan.core.sealed import digest
from sandan.front.models import Factor
from sandan.people.models import Person

MOST = 8  # of one person


class WrongKey(Refused):
    """The key is not known here, or did not sign what was asked, or is a copy."""


@dataclass(frozen=True)
class Site:
    """Where a key is good: the host's name without a port, and the origin the browser must have seen."""

    host: str
    origin: str

    @property
    def server(self) -> Fido2Server:
        entity = PublicKeyCredentialRpEntity(id=self.host, name="Sandan")
        return Fido2Server(entity, verify_origin=lambda origin: origin == self.origin)


def _refusal() -> WrongKey:
    return WrongKey(_("这把通行密钥没有通过。再试一次，或者改用验证器的 6 位数字。"))


def _handle(credential_id: bytes) -> bytes:
    return hashlib.sha256(credential_id).digest()


def _credential(factor: Factor) -> AttestedCredentialData:
    return AttestedCredentialData(base64.b64decode(factor.secret.open_unlogged()))


def _known(person: Person) -> list[Factor]:
    return list(Factor.objects.filter(person=person, kind=Factor.Kind.PASSKEY).order_by("pk"))


def begin_adding(*, site: Site, person: Person) -> tuple[dict[str, Any], dict[str, Any]]:
    """What the browser is asked, and what the session remembers of it."""
    user = PublicKeyCredentialUserEntity(
        id=digest(str(person.pk), "passkey user"), name=person.login, display_name=person.login
    )
    options, state = site.server.register_begin(
        user, [_credential(one) for one in _known(person)], user_verification=UserVerificationRequirement.PREFERRED,
        resident_key_requirement=ResidentKeyRequirement.DISCOURAGED,
    )  # fmt: skip
    return dict(options), state


@transaction.atomic
def add(*, site: Site, person: Person, state: Mapping[str, Any], answer: Any, device: str, at: datetime) -> Factor:
    """Keep a new key; raises WrongKey."""
    if len(_known(person)) >= MOST:
        raise WrongKey(_("通行密钥已经有 %d 把了。先停用不用的。") % MOST)
    try:
        found = site.server.register_complete(dict(state), answer).credential_data
    except (ValueError, KeyError, TypeError) as fault:
        raise _refusal() from fault
    if found is None or Factor.objects.filter(handle=_handle(found.credential_id)).exists():
        raise _refusal()
    factor = Factor.objects.create(
        person=person, kind=Factor.Kind.PASSKEY, secret=base64.b64encode(bytes(found)).decode(), device=device,
        handle=_handle(found.credential_id), at=at, confirmed_at=at,
    )  # fmt: skip
    journal.write(factor, "factor_set", by=person, at=at, scope="", kind="passkey")
    return factor


def begin_proving(*, site: Site, factors: Sequence[Factor]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The question to somebody's keys, and what the session remembers of it."""
    options, state = site.server.authenticate_begin(
        [_credential(one) for one in factors], user_verification=UserVerificationRequirement.PREFERRED
    )
    return dict(options), state


@transaction.atomic
def prove_key(*, site: Site, person: Person, state: Mapping[str, Any], answer: Any, at: datetime) -> Factor:
    """The key that signed; raises WrongKey, also for a copy whose counter fell behind."""
    known = {bytes(one.handle or b""): one for one in _known(person)}
    try:
        response = AuthenticationResponse.from_dict(answer)
        found = site.server.authenticate_complete(dict(state), [_credential(one) for one in known.values()], response)
    except Exception as fault:  # the signature's own library has errors of many kinds
        raise _refusal() from fault
    factor = Factor.objects.select_for_update().get(pk=known[_handle(found.credential_id)].pk)
    counter = response.response.authenticator_data.counter
    if counter and counter <= factor.counter:
        raise _refusal()
    factor.counter, factor.used_at = counter, at
    factor.save(update_fields=["counter", "used_at"])
    journal.write(person, "factor_used", by=person, at=at, scope="", kind="passkey")
    return factor
