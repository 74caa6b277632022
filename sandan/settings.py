"""The only settings file: everything that differs between two installations is read from the environment."""

import os
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

HINTS = {
    "SANDAN_SECRET_KEY": "请设为至少 32 位的随机字符，例如 openssl rand -base64 48 的输出；换了它，所有人要重新登录。",
    "DATABASE_URL": "请写数据库地址，如 postgresql://用户:密码@主机:5432/库名；用自带的数据库就经 sandan 命令启动。",
}


def env(name: str, default: str | None = None) -> str:
    """The value of an environment variable; fails with its name when there is neither value nor default."""
    value = os.environ.get(name, default)
    if value is None:
        raise ImproperlyConfigured(f"{name} 没有设置。{HINTS.get(name, '')}全部变量见 .env.example。")
    return value


def number(name: str, default: int) -> int:
    """A whole number from an environment variable; fails with its name where it is none."""
    text = env(name, str(default))
    if not text.isdecimal():
        raise ImproperlyConfigured(f"{name} 要写整数，现在是 {text}。")
    return int(text)


def flag(name: str, default: bool = False) -> bool:
    """Whether an environment variable says yes."""
    return env(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


# Our joins stand in a good order already: trying all others takes the server a hundred times as long as running them.
# The pages in use lie in memory or on an SSD: jumping costs hardly more than reading on.
PLANNER = "-c join_collapse_limit=4 -c jit=off -c random_page_cost=1.1"


def database(url: str, pool: int) -> dict[str, object]:
    """Django's connection settings for a postgresql:// address; a unix socket folder stands in ?host=."""
    parts = urlsplit(url)
    query = {key: values[0] for key, values in parse_qs(parts.query).items()}
    options: dict[str, object] = {"pool": {"min_size": 1, "max_size": pool, "timeout": 20}} if pool else {}
    options |= {"server_side_binding": True, "prepare_threshold": 5, "options": PLANNER}
    host = query.pop("host", None) or parts.hostname or ""
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(host),
        "PORT": str(parts.port or query.pop("port", "")),
        "OPTIONS": options | query,
    }


BASE = Path(__file__).resolve().parent
HOME = Path(env("SANDAN_HOME", str(BASE.parent / "var")))
ROOMS = ("core", "places", "people", "notices", "intake", "orders", "front")

DEMO = flag("SANDAN_DEMO")
DEBUG = flag("SANDAN_DEBUG")
SECRET_KEY = env("SANDAN_SECRET_KEY", "unsafe" if DEMO or DEBUG else None)
SEAL_KEY_FILE = env("SANDAN_SEAL_KEY_FILE", str(HOME / "seal.key"))
LOOPBACK = ["localhost", "127.0.0.1", "[::1]"]  # this machine's own probes call us so
HOSTS = [host.strip() for host in env("SANDAN_HOSTS", "localhost").split(",")]
ALLOWED_HOSTS = [*HOSTS, *LOOPBACK]
CSRF_TRUSTED_ORIGINS = [o for o in env("SANDAN_ORIGINS", "").split(",") if o]
CSRF_FAILURE_VIEW = "sandan.front.views.csrf_failed"
CERT, KEY = env("SANDAN_CERT", ""), env("SANDAN_KEY", "")  # PEM files; empty: HTTPS is a proxy's work, or nobody's
HTTPS = flag("SANDAN_HTTPS") or bool(CERT)
PROXIES = [p for p in env("SANDAN_PROXIES", "" if CERT or not HTTPS else "127.0.0.1,::1").split(",") if p.strip()]
METRICS_TOKEN = env("SANDAN_METRICS_TOKEN", "")

DATABASES = {"default": database(env("DATABASE_URL"), number("SANDAN_POOL", 8))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "people.Person"
AUTHENTICATION_BACKENDS = ["sandan.people.access.Login"]
SESSION_ENGINE = "sandan.core.sessions"

PASSWORD_HASHERS = ["sandan.core.passwords.Argon2", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
# Whether desks, administrators, security and audit must have a second factor before anything else: required | offered.
SECOND_FACTOR = env("SANDAN_SECOND_FACTOR", "offered" if DEMO or DEBUG else "required")

# Logins elsewhere that may stand for one of our people. Each needs its id and secret; OIDC its address (issuer) too.
OIDC_URL, OIDC_NAME = env("SANDAN_OIDC_URL", ""), env("SANDAN_OIDC_NAME", "")
OUTSIDE = tuple(
    name
    for name in ("dingtalk", "feishu", "weixin", "wecom", "oidc")
    if all(env(f"SANDAN_{name.upper()}_{part}", "") for part in ("ID", "SECRET")) and (name != "oidc" or OIDC_URL)
)
_OF_ONE: dict[str, dict[str, object]] = {
    "oidc": {"provider_id": "oidc", "settings": {"server_url": OIDC_URL, "oauth_pkce_enabled": True}},
    "wecom": {"settings": {"agent": env("SANDAN_WECOM_AGENT", "")}},
}
SOCIALACCOUNT_PROVIDERS = {
    "openid_connect" if name == "oidc" else name: {
        "APPS": [
            {"client_id": env(f"SANDAN_{name.upper()}_ID"), "secret": env(f"SANDAN_{name.upper()}_SECRET")}
            | _OF_ONE.get(name, {})
        ]
    }
    for name in OUTSIDE
}
SOCIALACCOUNT_ADAPTER = "sandan.front.views.outside.Adapter"
SOCIALACCOUNT_LOGIN_ON_GET = True  # a form that leads away is stopped by our own policy; the answer is bound to a state
SOCIALACCOUNT_REQUESTS_TIMEOUT = 8  # seconds
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_USER_MODEL_USERNAME_FIELD = "login"
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django_htmx",
    "django_linear_migrations",
    "procrastinate.contrib.django",
    "allauth.account",
    "allauth.socialaccount",
    *(f"allauth.socialaccount.providers.{name}" for name in ("openid_connect", "dingtalk", "feishu", "weixin")),
    *(f"sandan.{room}" for room in ROOMS),
    "sandan.running",
    "sandan.demo",
]
# Modules of the rooms above that follow every change of the ground, in this order (sandan.places.actions.followers).
GROUND_FOLLOWERS = (
    "sandan.people.actions.moving", "sandan.people.actions.member_moving",
    "sandan.orders.actions.moving", "sandan.orders.actions.ring_moving",
)  # fmt: skip
SERVICE_RECORDS = ("sandan.orders.queries.member_served",)  # who knows how often somebody served
# Modules above that see to what somebody has in hand when a post ends (sandan.people.actions.post_followers).
POST_FOLLOWERS = ("sandan.orders.actions.post_following",)
FIRST_PARTY_APPS = [f"sandan.{room}" for room in ROOMS]

MIDDLEWARE = [
    "sandan.core.forwarded.ForwardedMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "sandan.core.middleware.PolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "sandan.front.views.guarding.SessionGuard",
]
ROOT_URLCONF = "sandan.urls"
WSGI_APPLICATION = "sandan.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.jinja2.Jinja2",
        "DIRS": [BASE / "templates", *(BASE / room / "templates" for room in ROOMS)],
        "APP_DIRS": False,
        "OPTIONS": {"environment": "sandan.core.pages.environment", "autoescape": True},
    },
]

FORM_RENDERER = "django.forms.renderers.Jinja2"  # the same markup as Django's own, several times as fast
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE / "locale"]
USE_I18N = True
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

LOGIN_URL = "front:login"
LOGIN_REDIRECT_URL = "front:start"
STATIC_URL = "/static/"
STATIC_ROOT = HOME / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG or flag("SANDAN_PLAIN_STATIC")
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = HTTPS
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")  # ForwardedMiddleware keeps it from our proxies alone
    SECURE_HSTS_SECONDS = 31536000
    SECURE_REDIRECT_EXEMPT = [r"^health/", r"^metrics/"]  # the machine's own probes come without

# Libraries speak in our own lines; while developing, in Django's way with whole tracebacks.
LOGGING: dict[str, object] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"lines": {"()": "sandan.core.logs.Lines"}},
    "handlers": {"lines": {"class": "logging.StreamHandler", "stream": "ext://sys.stdout", "formatter": "lines"}},
    "root": {"handlers": ["lines"], "level": "WARNING"},
    # our own lines say it already, with a number; Django's quote addresses, or send tracebacks by mail
    "loggers": {"django": {"handlers": [], "level": "ERROR"}, "django.request": {"handlers": [], "level": "CRITICAL"}},
}
if DEBUG:
    LOGGING = {}

# Also while developing: an error page shows kinds and places, never what a variable held or a form sent.
DEFAULT_EXCEPTION_REPORTER = "sandan.core.reports.Reporter"
DEFAULT_EXCEPTION_REPORTER_FILTER = "sandan.core.reports.Filter"

# A phone photo is at most 40 MB before we look at it; nine of them come in one form.
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FILES = 20  # the form says itself that nine is the most

# The number to dial where no community is known; empty: 12345.
HOTLINE = env("SANDAN_HOTLINE", "")

# The mail server, smtp://user:password@host:587 with STARTTLS or smtps://…:465; without one no e-mail leaves the house.
SMTP_URL = env("SANDAN_SMTP_URL", "")
_SMTP = urlsplit(SMTP_URL)
EMAIL_HOST, EMAIL_PORT = _SMTP.hostname or "", _SMTP.port or (465 if _SMTP.scheme == "smtps" else 587)
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = unquote(_SMTP.username or ""), unquote(_SMTP.password or "")
EMAIL_USE_SSL, EMAIL_USE_TLS = _SMTP.scheme == "smtps", _SMTP.scheme == "smtp" and "tls=0" not in _SMTP.query
EMAIL_TIMEOUT = 15  # seconds
DEFAULT_FROM_EMAIL = env("SANDAN_MAIL_FROM", "sandan@localhost")

# Short messages: our provider's address, the key that names us, the secret that signs, the sign the text begins with.
SMS_URL = env("SANDAN_SMS_URL", "")
SMS_KEY = env("SANDAN_SMS_KEY", "")
SMS_SECRET = env("SANDAN_SMS_SECRET", "")
SMS_SIGN = env("SANDAN_SMS_SIGN", "三单")
# How phones reach this site, for the links in messages; empty: they hold none.
PUBLIC_URL = env("SANDAN_PUBLIC_URL", CSRF_TRUSTED_ORIGINS[0] if CSRF_TRUSTED_ORIGINS else "").rstrip("/")

# All limits against floods of anonymous orders times this; for a day on which a whole town reports at once.
LIMIT_FACTOR = int(env("SANDAN_LIMIT_FACTOR", "1"))

# Empty: 09:00-12:00,13:30-17:30; see core.calendar for summer hours.
OFFICE_HOURS = env("SANDAN_OFFICE_HOURS", "")

# A tile source and its approval number (审图号); without one the map is the schematic plan.
MAP_TILES = env("SANDAN_MAP_TILES", "")
MAP_APPROVAL = env("SANDAN_MAP_APPROVAL", "")
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
]
