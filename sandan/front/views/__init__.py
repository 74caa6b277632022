"""The way in and the way out: home, login, help, elder mode, errors, accounts, the gallery of pieces."""

from sandan.front.views.audit import audit
from sandan.front.views.codes import code_ask, code_type
from sandan.front.views.errors import bad_request, broken, csrf_failed, forbidden, not_found
from sandan.front.views.gallery import gallery
from sandan.front.views.greeting import elder, help_page, home, privacy
from sandan.front.views.keeping import account, account_move, accounts
from sandan.front.views.kept import kept
from sandan.front.views.rights import who_sees_what
from sandan.front.views.safety import app, drop, paper, passkey, password, safety
from sandan.front.views.second import again, second
from sandan.front.views.signing import awake, login, logout, start

__all__ = [
    "account",
    "account_move",
    "accounts",
    "again",
    "app",
    "audit",
    "awake",
    "bad_request",
    "broken",
    "code_ask",
    "code_type",
    "csrf_failed",
    "drop",
    "elder",
    "forbidden",
    "gallery",
    "help_page",
    "home",
    "kept",
    "login",
    "logout",
    "not_found",
    "paper",
    "passkey",
    "password",
    "privacy",
    "safety",
    "second",
    "start",
    "who_sees_what",
]
