"""The way in and the way out: home, login, help, elder mode, errors, the gallery of pieces."""

from sandan.front.views.audit import audit
from sandan.front.views.errors import bad_request, broken, csrf_failed, forbidden, not_found
from sandan.front.views.gallery import gallery
from sandan.front.views.greeting import elder, help_page, home, privacy
from sandan.front.views.kept import kept
from sandan.front.views.signing import login, logout, start

__all__ = [
    "audit",
    "bad_request",
    "broken",
    "csrf_failed",
    "elder",
    "forbidden",
    "gallery",
    "help_page",
    "home",
    "kept",
    "login",
    "logout",
    "not_found",
    "privacy",
    "start",
]
