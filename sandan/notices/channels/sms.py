"""Short messages: one signed POST to the provider's address for each, the same key for every try of one message.

The provider answers 2xx with JSON {"reference": …}; a key it has seen before it answers again without sending again.
"""

import json
import secrets
import time
from urllib.parse import urlsplit

import urllib3
from django.conf import settings

from sandan.notices.channels.signing import sign
from sandan.notices.channels.trouble import Trouble, code_of

TIMEOUT = urllib3.Timeout(connect=3, read=10)  # seconds
LOCAL = ("127.0.0.1", "::1", "localhost")
ANSWER_BYTES = 65536
_ways = urllib3.PoolManager(maxsize=8, timeout=TIMEOUT, retries=False)  # checks certificates, follows no redirects


def is_safe(address: str) -> bool:
    """Whether nobody on the way reads along: https, or a stand-in on this very machine."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL)


def send(*, key: str, phone: str, text: str) -> str:
    """Hand one message to the provider; its reference. Raises Trouble, which never quotes phone or text."""
    if not is_safe(settings.SMS_URL):
        raise Trouble("insecure_address")
    words = {"to": phone, "text": text, "sign": settings.SMS_SIGN, "key": key}
    body = json.dumps(words, ensure_ascii=False).encode()
    try:
        answer = _ways.request(
            "POST", settings.SMS_URL, body=body, headers=_head(key, body), redirect=False, preload_content=False
        )
        with answer:
            content = answer.read(ANSWER_BYTES)
    except urllib3.exceptions.SSLError:
        raise Trouble("certificate") from None
    except urllib3.exceptions.TimeoutError:
        raise Trouble("timeout") from None
    except (urllib3.exceptions.HTTPError, OSError):
        raise Trouble("no_connection") from None
    return _reference(answer.status, content)


def _head(key: str, body: bytes) -> dict[str, str]:
    stamp, nonce = str(int(time.time())), secrets.token_hex(16)
    return {
        "Content-Type": "application/json; charset=utf-8",
        "Idempotency-Key": key,
        "X-Sandan-Key": settings.SMS_KEY,
        "X-Sandan-Timestamp": stamp,
        "X-Sandan-Nonce": nonce,
        "X-Sandan-Signature": sign(settings.SMS_SECRET, stamp, nonce, body),
    }


def _reference(status: int, content: bytes) -> str:
    """The provider's word for it; a message it refuses for good is final, its own trouble and our wrong key are not."""
    if 200 <= status < 300:
        try:
            return code_of(json.loads(content)["reference"], 64)
        except (ValueError, KeyError, TypeError):
            raise Trouble("answer") from None
    raise Trouble(f"http_{status}", is_final=status in (400, 404, 410, 413, 415, 422))
