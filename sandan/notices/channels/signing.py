"""The signature between us and the provider of short messages: the same both ways, over time, nonce and body."""

import hashlib
import hmac
from datetime import datetime, timedelta

SKEW = timedelta(minutes=5)  # how far two clocks may differ, and how long a copied request could be sent again


def sign(secret: str, stamp: str, nonce: str, body: bytes) -> str:
    """HMAC-SHA-256 in hex over `stamp`, `nonce` and `body`, a line each."""
    return hmac.new(secret.encode(), f"{stamp}\n{nonce}\n".encode() + body, hashlib.sha256).hexdigest()


def is_right(secret: str, stamp: str, nonce: str, body: bytes, signature: str, now: datetime) -> bool:
    """Whether it was signed with this secret and lately; an empty secret signs nothing."""
    if not (secret and nonce and stamp.isascii() and stamp.isdigit() and len(stamp) < 12):
        return False
    right = sign(secret, stamp, nonce, body).encode()
    is_fresh = abs(now.timestamp() - int(stamp)) <= SKEW.total_seconds()
    return hmac.compare_digest(right, signature.encode()) and is_fresh
