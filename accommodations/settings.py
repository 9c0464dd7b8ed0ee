"""The only settings file: read from the environment, safe where a variable is missing."""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent

env = environ.Env()

DEMO = env.bool("DEMO", default=False)
DEBUG = env.bool("DEBUG", default=False)

# Production refuses to start without its own secrets (checks.py); these defaults only let tools like
# makemigrations run, and are refused by name.
INSECURE_SECRET_KEY = "insecure-key-for-tools-only-never-for-serving"  # noqa: S105  # refused at start-up
INSECURE_ENCRYPTION_KEY = "bGVld2F5LWluc2VjdXJlLWtleS1mb3ItdG9vbHMtISE="
SECRET_KEY = env("SECRET_KEY", default=INSECURE_SECRET_KEY)
LEEWAY_ENCRYPTION_KEYS = env.list("LEEWAY_ENCRYPTION_KEYS", default=[INSECURE_ENCRYPTION_KEY])
LEEWAY_TITLE_KEY = env("LEEWAY_TITLE_KEY", default=SECRET_KEY)
"""Key of the short code that ends the titles of our overrides: change it and we no longer know our own by title."""
LEEWAY_LOG_ANCHOR_KEYS = env.list("LEEWAY_LOG_ANCHOR_KEYS", default=[])
"""Keys that sign anchors of the action log, the newest first; without one, a key is derived from SECRET_KEY."""

ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"] if DEMO else [])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])

CANVAS_BASE_URL = env("CANVAS_BASE_URL", default="")
CANVAS_TOKEN = env("CANVAS_TOKEN", default="")
ALLOWED_CANVAS_HOSTS = env.list("ALLOWED_CANVAS_HOSTS", default=[])
"""Exact host:port names for which the rules on addresses (https, public, port 443) are lifted."""

INSTALLED_APPS = [
    "accommodations",
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
    "simple_history",
    "csp",
]

MIDDLEWARE = [
    "accommodations.logs.RequestIdMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "accommodations.middleware.PrivatePagesMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "accommodations.urls"
WSGI_APPLICATION = "accommodations.wsgi.application"
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'var' / 'leeway.sqlite3'}")}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        # Immediate: a transaction that will write says so at its start, so it waits for the lock instead of failing.
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON;",
    }

APP_DATABASE_ROLE = env("APP_DATABASE_ROLE", default="")
"""Set where migrations run as the tables' owner: the weaker role with which the servers work."""
APP_DATABASE_PASSWORD = env("APP_DATABASE_PASSWORD", default="")

DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTHENTICATION_BACKENDS = ["accommodations.backends.RolesBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "sign_in"
LOGIN_REDIRECT_URL = "home"
LOGOUT_REDIRECT_URL = "sign_in"

LANGUAGE_CODE = "en-us"
TIME_ZONE = "UTC"
USE_TZ = True
USE_I18N = False

STATIC_URL = "static/"
STATIC_ROOT = env("STATIC_ROOT", default=str(BASE_DIR / "var" / "static"))
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# Security: everything on unless the demo runs over plain http on this machine.
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=not DEMO)
SECURE_HSTS_SECONDS = 0 if DEMO else env.int("SECURE_HSTS_SECONDS", default=31_536_000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = not DEMO
SECURE_HSTS_PRELOAD = not DEMO
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]
if env.bool("BEHIND_TLS_PROXY", default=False):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not DEMO
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "sessionid" if DEMO else "__Host-sessionid"
CSRF_COOKIE_NAME = "csrftoken" if DEMO else "__Host-csrftoken"
SESSION_COOKIE_AGE = 8 * 3600
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
    },
}

# Mail: a server by its address, such as smtp+tls://name:password@mail.example.edu:587. Read and not kept: it may hold
# a password. The demo keeps what it would send.
EMAIL_TIMEOUT = 20
_email_url = env("EMAIL_URL", default="")
LEEWAY_SENDS_MAIL = bool(_email_url) or DEMO
"""Without a mail server, what is to be sent waits, and the page of notices says so."""
vars().update(env.email_url_config(_email_url or "dummymail://"))
if DEMO and not _email_url:
    EMAIL_BACKEND = "accommodations.outbox.OutboxBackend"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = env("MAIL_FROM", default="leeway@localhost" if DEMO else "")
LEEWAY_URL = env("LEEWAY_URL", default=f"http://127.0.0.1:{env('PORT', default='8000')}" if DEMO else "").rstrip("/")
"""Under which people reach Leeway: mails link to it."""
LEEWAY_MAIL_DOMAIN = DEFAULT_FROM_EMAIL.rpartition("@")[2].strip(" >") or "localhost"

# Celery: the database row is the queue, a message only wakes a worker; so a message may be lost or come twice.
REDIS_URL = env("REDIS_URL", default="redis://127.0.0.1:6379/0")
CELERY_BROKER_URL = REDIS_URL
CANVAS_BUDGET_HIGH_WATER = env.float("CANVAS_BUDGET_HIGH_WATER", default=600.0)
"""At which level of a token's bucket Canvas refuses; 600 unless Canvas's operators changed it."""
CANVAS_BUDGET_ROOM = env.float("CANVAS_BUDGET_ROOM", default=75.0)
"""What all workers together leave free of it for other clients of the same token; 50 is one request in flight."""
# By these what died is found again: with the defaults work goes on within two minutes. checks.py holds them together.
CANVAS_TOTAL_SECONDS = env.float("CANVAS_TOTAL_SECONDS", default=30.0)
"""After so long a request to Canvas ends, whatever has come of it by then."""
COURSE_LEASE_SECONDS = env.float("COURSE_LEASE_SECONDS", default=60.0)
"""So long after its last request nobody takes a course over from a worker: it is renewed before each request."""
DELIVERY_PATIENCE_SECONDS = env.float("DELIVERY_PATIENCE_SECONDS", default=75.0)
"""How long a message may take before the sweep sends another: a second one does no harm, only work."""
CANVAS_RETRY_PAUSES_SECONDS = env.list("CANVAS_RETRY_PAUSES_SECONDS", cast=float, default=[60.0, 300.0, 900.0])
"""How long a course waits after Canvas did not answer, the first, second … time; then it has failed."""
METRICS_TOKEN = env("METRICS_TOKEN", default="")
"""Who brings it as a bearer token may read /metrics; without one set, the page does not exist."""
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SOFT_TIME_LIMIT = env.float("TASK_SOFT_TIME_LIMIT_SECONDS", default=20 * 60.0)
CELERY_TASK_TIME_LIMIT = env.float("TASK_TIME_LIMIT_SECONDS", default=22 * 60.0)
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": env.float("VISIBILITY_TIMEOUT_SECONDS", default=60 * 60.0),
    "socket_timeout": 10,
    "socket_connect_timeout": 5,
}
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_ROUTES = {"accommodations.tasks.sync.sync_course": {"priority": 3}}
"""Courses wait behind everything that takes moments: thousands of a nightly round hold up no alert and no sweep.
In Redis 0 is first, and what has no priority. Rounds come after what a person did (`selectors/sync.py`)."""
CELERY_TIMEZONE = "UTC"
CELERY_BEAT_SCHEDULER = "accommodations.steady_beat:SteadyScheduler"
CELERY_ENABLE_UTC = True
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

LOG_FORMAT = env("LOG_FORMAT", default="line")
if LOG_FORMAT not in ("line", "json"):
    raise ImproperlyConfigured("LOG_FORMAT is line or json.")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "filters": {"work_id": {"()": "accommodations.logs.WorkIdFilter"}},
    "formatters": {
        "line": {
            "()": "accommodations.logs.OneLineFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s [%(work)s] %(message)s",
        },
        "json": {"()": "accommodations.logs.JsonFormatter"},
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": LOG_FORMAT, "filters": ["work_id"]}},
    "root": {"handlers": ["stderr"], "level": env("LOG_LEVEL", default="INFO")},
}

if DEMO and DEBUG:
    raise ImproperlyConfigured("DEMO and DEBUG are not used together: the demo runs like production.")
