"""Who really asks: a proxy of ours is believed what it says about the browser, everybody else is not."""

from collections.abc import Callable, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase

CLAIMS = (
    "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_FORWARDED_PORT",
    "HTTP_X_REAL_IP", "HTTP_FORWARDED",
)  # fmt: skip
DIRECT = "sandan.direct"  # in META: whether the request came without anything between


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """An address as it stands in a header or a socket's name, with or without a port; None for anything else."""
    text = text.strip().removeprefix("[").partition("]")[0]
    text = text.rpartition(":")[0] if text.count(":") == 1 else text
    try:
        found = ip_address(text)
    except ValueError:
        return None
    return (found.ipv4_mapped or found) if isinstance(found, IPv6Address) else found


def is_loopback(text: str) -> bool:
    """Whether an address is this machine's own."""
    found = _address(text)
    return found is not None and found.is_loopback


class ForwardedMiddleware:
    """Sets REMOTE_ADDR to the browser's address and keeps X-Forwarded-Proto, both only from a proxy of SANDAN_PROXIES.

    The browser is the last address in X-Forwarded-For that is no proxy of ours: what stands before it anybody may
    have written.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self.proxies = [ip_network(text.strip(), strict=False) for text in settings.PROXIES]

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        meta = request.META
        said = {name: meta.pop(name) for name in CLAIMS if name in meta}
        meta[DIRECT] = not said
        if said and self._is_ours(meta.get("REMOTE_ADDR", "")):
            scheme = said.get("HTTP_X_FORWARDED_PROTO", "").rpartition(",")[2].strip()
            meta |= {"HTTP_X_FORWARDED_PROTO": scheme} if scheme else {}
            meta["REMOTE_ADDR"] = self._browser(said.get("HTTP_X_FORWARDED_FOR", "").split(","), meta["REMOTE_ADDR"])
        return self.get_response(request)

    def _is_ours(self, text: str) -> bool:
        found = _address(text)
        return found is not None and any(found in network for network in self.proxies)

    def _browser(self, chain: Sequence[str], peer: str) -> str:
        for text in reversed(chain):
            found = _address(text)
            if found is None:
                return peer
            if not self._is_ours(text):
                return str(found)
        return peer
