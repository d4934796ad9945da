"""Django's settings. What an operator may choose comes from HENGCANG_* variables; see README."""

import os
from pathlib import Path
from typing import Any

from hengcang.books import server
from hengcang.books.home import checkout, home, secret

PACKAGE = Path(__file__).resolve().parent

DEBUG = False
SECRET_KEY = secret("django")
ALLOWED_HOSTS = ["localhost", "127.0.0.1", "[::1]", *os.environ.get("HENGCANG_HOSTS", "").split()]
BEHIND_TLS = os.environ.get("HENGCANG_TLS") == "1"
# A web process gets no owner password: whoever takes it over is still behind the second fence.
WEB_PROCESS = os.environ.get("HENGCANG_WEB_PROCESS") == "1"

CONTEXTS = [
    "books",
    "compliance",
    "identity",
    "outbox",
    "places",
    "catalog",
    "partners",
    "pricing",
    "documents",
    "ledger",
    "stock",
    "assembly",
    "settlement",
    "purchasing",
    "sales",
    "register",
    "pages",
    "web",
]
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "csp",
    "django_htmx",
    "procrastinate.contrib.django",
    *(f"hengcang.{name}" for name in CONTEXTS),
]
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# --- databases: see hengcang/books/backend/base.py -------------------------------------------
POOL = {"min_size": 0, "max_size": 16, "max_idle": 60, "timeout": 10}
# Statements are bound and, from the third time on, planned once per connection: parsing and
# planning were half of the database's CPU of a posting.
PREPARED = {"server_side_binding": True, "prepare_threshold": 2}
# People wait 30 s at most, the limit of the role; jobs and commands may take ten minutes.
PATIENCE = {} if WEB_PROCESS else {"options": "-c statement_timeout=600s"}
DATABASE_ROUTERS = ["hengcang.books.router.BookRouter"]


def _book_alias(*, as_owner: bool) -> dict[str, Any]:
    return {
        "ENGINE": "hengcang.books.backend",
        "NAME": "book",  # the backend puts the current book's place here
        "OPTIONS": dict(PATIENCE) if as_owner else {"pool": dict(POOL), **PREPARED, **PATIENCE},
        "OPTIONS_OF_BOOKS": {"as_owner": as_owner},
    }


def _directory_alias() -> dict[str, Any]:
    user = server.VISITOR if WEB_PROCESS else server.OWNER
    password = server.role_password(user) if WEB_PROCESS else server.owner_password()
    dsn = server.admin().to(server.directory_database(), user, password)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": dsn.database,
        "USER": dsn.user,
        "PASSWORD": dsn.password,
        "HOST": dsn.host,
        "PORT": dsn.port,
        "OPTIONS": {**dict(dsn.extra), "pool": dict(POOL)},
        "CONN_HEALTH_CHECKS": True,
    }


DATABASES = {"default": _book_alias(as_owner=False), "directory": _directory_alias()}
if not WEB_PROCESS:
    DATABASES["owner"] = _book_alias(as_owner=True)

# --- requests --------------------------------------------------------------------------------
ROOT_URLCONF = "hengcang.urls"
WSGI_APPLICATION = "hengcang.wsgi.application"
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "hengcang.books.middleware.BookMiddleware",
    "hengcang.books.middleware.BookSessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "hengcang.books.middleware.PagesNeedLogin",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hengcang.web.requests.ActorMiddleware",
    "hengcang.web.masters.accounts.PasswordFirst",
    "axes.middleware.AxesMiddleware",
]
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [PACKAGE / "books" / "templates"],
        "APP_DIRS": True,  # pages/templates and web/templates
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "hengcang.books.context.book",
            ],
        },
    },
]
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
FORM_RENDERER = "django.forms.renderers.DjangoTemplates"
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 20_000  # a document of 1,000 lines has that many

# --- who -------------------------------------------------------------------------------------
AUTH_USER_MODEL = "identity.User"
LOGIN_URL = "login"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "login"
PASSWORD_HASHERS = ["hengcang.books.hashing.ModestArgon2"]
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 8},
    },
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
# With the form field of another name, lockout would silently never happen.
AXES_USERNAME_FORM_FIELD = "username"
AXES_HANDLER = "hengcang.identity.lockout.LockoutHandler"  # holds the limits
AXES_FAILURE_LIMIT = 100
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], ["username"], ["ip_address"]]
AXES_COOLOFF_TIME = 0.25  # hours
AXES_RESET_ON_SUCCESS = True
AXES_ENABLE_ADMIN = False
AXES_LOCKOUT_CALLABLE = "hengcang.web.masters.accounts.locked_out"
AXES_VERBOSE = False
if BEHIND_TLS:
    AXES_CLIENT_IP_CALLABLE = "hengcang.identity.lockout.client_address"

# --- cookies and headers ---------------------------------------------------------------------
SESSION_COOKIE_NAME = "hc_session"  # its path is the book's: BookSessionMiddleware
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_COOKIE_SECURE = BEHIND_TLS
CSRF_USE_SESSIONS = True
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if BEHIND_TLS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS[3:]]
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        "script-src": ["'self'", "'wasm-unsafe-eval'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "connect-src": ["'self'"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'none'"],
    }
}

# --- static files ----------------------------------------------------------------------------
STATIC_URL = "/static/"  # absolute: shared by all books
STATIC_ROOT = home() / "static"  # `hengcang run` collects them there
STATIC_ROOT.mkdir(exist_ok=True)
_tree = checkout()
ASSETS = _tree / "frontend" / "dist" if _tree else PACKAGE / "assets"
STATICFILES_DIRS = [ASSETS] if ASSETS.is_dir() else []
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "hengcang.books.assets.Storage"},
}

# --- language and time -----------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("HENGCANG_LOG", "WARNING")},
}
