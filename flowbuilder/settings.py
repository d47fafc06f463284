"""Every setting, in one file; the environment decides what differs between machines.

All data lives below ``FLOWBUILDER_HOME``. Without ``DATABASE_URL`` and ``REDIS_URL`` the embedded
SQLite and Valkey are used, which run the same code paths as PostgreSQL and Redis.
"""

from pathlib import Path

import environ

from flowbuilder.home import mail_server, prepare_home, redis_url, secret_key
from flowbuilder.identity_providers import origins, providers, with_metadata

env = environ.Env()
BASE_DIR = Path(__file__).resolve().parent.parent
HOME_DIR = prepare_home(env.path("FLOWBUILDER_HOME", default=str(BASE_DIR / ".flowbuilder")))

SECRET_KEY = secret_key(HOME_DIR)
FLOWBUILDER_OLD_SECRET_KEYS = env.list("FLOWBUILDER_OLD_SECRET_KEYS", default=[])
"""Former contents of the file ``secret-key``: they still open the secrets that were kept under them."""
DEBUG = env.bool("FLOWBUILDER_DEBUG", default=False)
ALLOWED_HOSTS = env.list("FLOWBUILDER_HOSTS", default=["127.0.0.1", "localhost", "[::1]", "testserver"])
CSRF_TRUSTED_ORIGINS = env.list("FLOWBUILDER_ORIGINS", default=[])

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "django.contrib.staticfiles",
    "channels",
    "django_htmx",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.socialaccount.providers.saml",
    "django_celery_beat",
    "flowbuilder.accounts",
    "flowbuilder.sharing",
    "flowbuilder.secrets",
    "flowbuilder.people",
    "flowbuilder.knowledge",
    "flowbuilder.apis",
    "flowbuilder.modelhub",
    "flowbuilder.flows",
    "flowbuilder.comments",
    "flowbuilder.variables",
    "flowbuilder.runs",
    "flowbuilder.feedback",
    "flowbuilder.datasets",
    "flowbuilder.abtests",
    "flowbuilder.testcases",
    "flowbuilder.prompting",
    "flowbuilder.debugging",
    "flowbuilder.training",
    "flowbuilder.evaluation",
    "flowbuilder.improvement",
    "flowbuilder.publishing",
    "flowbuilder.publishing.openai",
    "flowbuilder.publishing.callbacks",
    "flowbuilder.publishing.flowise",
    "flowbuilder.importing",
    "flowbuilder.publishing.limits",
    "flowbuilder.publishing.usage",
]

MIDDLEWARE = [
    "flowbuilder.in_the_loop.Security",
    "flowbuilder.in_the_loop.ContentSecurity",
    "flowbuilder.in_the_loop.Sessions",
    "flowbuilder.in_the_loop.Language",
    "flowbuilder.in_the_loop.Common",
    "django.middleware.csrf.CsrfViewMiddleware",
    "flowbuilder.in_the_loop.Authentication",
    "flowbuilder.accounts.middleware.AskerMiddleware",
    "flowbuilder.accounts.files_taken.FilesTaken",
    "flowbuilder.publishing.flowise.cross_origin.FlowiseCrossOrigin",
    "flowbuilder.in_the_loop.Messages",
    "flowbuilder.in_the_loop.Frames",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "flowbuilder.urls"
ASGI_APPLICATION = "flowbuilder.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
            ],
            "builtins": ["flowbuilder.translation.filters"],
        },
    }
]

DATABASES = {"default": env.db_url("DATABASE_URL", default=f"sqlite:///{HOME_DIR / 'db.sqlite3'}")}
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # One writer at a time without "database is locked": take the write lock at BEGIN and wait for it.
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 30,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
        # Of pages that are read; SQLite's own 2 MB are less than one index of a hundred thousand runs.
        "PRAGMA cache_size=-16000;",
    }
else:
    DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

REDIS_URL = env.str("REDIS_URL", default="") or redis_url(HOME_DIR)
CHANNEL_LAYERS = {
    "default": {
        "BACKEND": "channels_redis.core.RedisChannelLayer",
        # redis-py 8 would otherwise kill every idle consumer after 5 s and fail above 100 readers.
        "CONFIG": {"hosts": [{"address": REDIS_URL, "socket_timeout": None, "max_connections": 10000}]},
    }
}

CELERY_BROKER_URL = REDIS_URL
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_BROKER_TRANSPORT_OPTIONS = {"visibility_timeout": 24 * 3600, "socket_timeout": 30}
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_IGNORE_RESULT = True
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_TASK_SERIALIZER = "json"
CELERY_WORKER_HIJACK_ROOT_LOGGER = False
CELERY_TASK_DEFAULT_QUEUE = "flow"
CELERY_BEAT_SCHEDULE = {
    "runs": {"task": "flowbuilder.runs.tasks.sweep", "schedule": 2.0, "options": {"expires": 10}},
    "models": {"task": "flowbuilder.modelhub.tasks.sweep", "schedule": 5.0, "options": {"expires": 10}},
    "abtests": {"task": "flowbuilder.abtests.tasks.sweep", "schedule": 5.0, "options": {"expires": 10}},
    "training": {"task": "flowbuilder.training.tasks.sweep", "schedule": 3.0, "options": {"expires": 10}},
    "schedules": {"task": "flowbuilder.publishing.tasks.sweep", "schedule": 5.0, "options": {"expires": 10}},
    "callbacks": {
        "task": "flowbuilder.publishing.callbacks.tasks.sweep",
        "schedule": 2.0,
        "options": {"expires": 10},
    },
    "usage": {
        "task": "flowbuilder.publishing.usage.tasks.sweep",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "retention": {
        "task": "flowbuilder.publishing.usage.tasks.sweep_old_runs",
        "schedule": 600.0,
        "options": {"expires": 60},
    },
    "prompting": {"task": "flowbuilder.prompting.tasks.sweep", "schedule": 5.0, "options": {"expires": 10}},
    "testcases": {"task": "flowbuilder.testcases.tasks.sweep", "schedule": 3.0, "options": {"expires": 10}},
    "datasets": {"task": "flowbuilder.datasets.tasks.sweep", "schedule": 5.0, "options": {"expires": 10}},
    "evaluation": {
        "task": "flowbuilder.evaluation.tasks.sweep",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
    "workspaces": {"task": "flowbuilder.people.tasks.erase", "schedule": 30.0, "options": {"expires": 20}},
    "knowledge": {"task": "flowbuilder.knowledge.tasks.sweep", "schedule": 5.0, "options": {"expires": 10}},
    "indexes": {
        "task": "flowbuilder.knowledge.tasks.sweep_indexes",
        "schedule": 600.0,
        "options": {"expires": 60},
    },
    "spaces": {
        "task": "flowbuilder.knowledge.tasks.sweep_spaces",
        "schedule": 10.0,
        "options": {"expires": 10},
    },
}

AUTH_USER_MODEL = "accounts.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_ADAPTER = "flowbuilder.accounts.adapter.AccountAdapter"
MFA_ADAPTER = "flowbuilder.people.signing_in.second_factor.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_TOTP_ISSUER = "Flowbuilder"
MFA_TOTP_TOLERANCE = 1
MFA_RECOVERY_CODES_SHOW_ONCE = True
# No letter verifies an address here: people come by invitation.
MFA_ALLOW_UNVERIFIED_EMAIL = True
FLOWBUILDER_OIDC: dict[str, dict[str, str]] = env.json("FLOWBUILDER_OIDC", default={})
"""OpenID Connect by id: ``{"staff": {"name": "Staff", "server_url": ..., "client_id": ..., "secret": ...}}``."""
FLOWBUILDER_SAML: dict[str, dict[str, str]] = with_metadata(env.json("FLOWBUILDER_SAML", default={}))
"""SAML by id: ``{"staff": {"name": "Staff", "metadata": "/etc/flowbuilder/staff.xml"}}``, or with ``entity_id``,
``sso_url``, ``certificate`` and ``slo_url`` in place of the file."""
FLOWBUILDER_SSO_DOMAINS: dict[str, dict[str, str]] = env.json("FLOWBUILDER_SSO_DOMAINS", default={})
"""Whose people may come without an invitation: ``{"example.com": {"workspace": "Depot", "role": "viewer"}}``."""
SOCIALACCOUNT_PROVIDERS = providers(FLOWBUILDER_OIDC, FLOWBUILDER_SAML)
SOCIALACCOUNT_ADAPTER = "flowbuilder.people.signing_in.single_sign_on.SingleSignOnAdapter"
SOCIALACCOUNT_EMAIL_AUTHENTICATION = SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT = True
SOCIALACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
HTTPS = env.bool("FLOWBUILDER_HTTPS", default=False)
"""Behind a proxy that speaks TLS: cookies travel only there."""
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if HTTPS else None
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

CACHES = {"default": {"BACKEND": "django.core.cache.backends.redis.RedisCache", "LOCATION": REDIS_URL}}

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'self'"],
        # React Flow and htmx set style attributes; no script is ever inline.
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:"],
        "connect-src": ["'self'"],
        "worker-src": ["'self'", "blob:"],
        "frame-ancestors": ["'none'"],
        # A form that leads to another system's sign-in is a redirect from here.
        "form-action": ["'self'", *origins(FLOWBUILDER_OIDC, FLOWBUILDER_SAML)],
        "base-uri": ["'none'"],
        "object-src": ["'none'"],
    }
}

LANGUAGE_CODE = "en"
LANGUAGES = [("en", "English"), ("zh-hans", "简体中文")]
LOCALE_PATHS = [BASE_DIR / "locale"]
FORMAT_MODULE_PATH = "flowbuilder.formats"
TIME_ZONE = "UTC"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = HOME_DIR / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
DATA_UPLOAD_MAX_MEMORY_SIZE = 16 * 1024 * 1024

FLOWBUILDER_OUTBOUND_HOSTS = [host.lower() for host in env.list("FLOWBUILDER_OUTBOUND_HOSTS", default=[])]
"""Hosts (or host:port) inside that pages may be fetched from all the same."""
FLOWBUILDER_DATABASES: dict[str, str] = env.json("FLOWBUILDER_DATABASES", default={})
"""Databases that flows of every workspace may read, by name: ``{"shop": "postgres://reader:...@db/shop"}``, or
``sqlite:////srv/shop.db``. Give each a role that may only read."""
FLOWBUILDER_MAIL_SERVER = env.str("FLOWBUILDER_MAIL_SERVER", default="")
"""``smtp://user:password@host:587`` (STARTTLS) or ``smtps://...``; flows send no mail until it is set."""
FLOWBUILDER_MAIL_FROM = env.str("FLOWBUILDER_MAIL_FROM", default="")
# Letters of the installation itself: invitations, passwords that are set anew. Without a server they go to the log.
EMAIL_BACKEND = f"django.core.mail.backends.{'smtp' if FLOWBUILDER_MAIL_SERVER else 'console'}.EmailBackend"
EMAIL_BACKEND = env.str("FLOWBUILDER_EMAIL_BACKEND", default=EMAIL_BACKEND)
DEFAULT_FROM_EMAIL = SERVER_EMAIL = FLOWBUILDER_MAIL_FROM or "flowbuilder@localhost"
EMAIL_HOST, EMAIL_PORT, EMAIL_HOST_USER, EMAIL_HOST_PASSWORD, EMAIL_USE_SSL, EMAIL_USE_TLS = mail_server(
    FLOWBUILDER_MAIL_SERVER
)
EMAIL_TIMEOUT = 10
FLOWBUILDER_MAIL_RECIPIENTS = env.list("FLOWBUILDER_MAIL_RECIPIENTS", default=[])
"""Who may get mail from flows: addresses, or whole domains as ``@example.com``."""
FLOWBUILDER_MCP_COMMANDS: dict[str, str] = env.json("FLOWBUILDER_MCP_COMMANDS", default={})
"""Programs of this machine that flows may ask as MCP servers, by name: ``{"files": "mcp-files /srv/shared"}``."""
FLOWBUILDER_NODE_PACKAGES = env.list("FLOWBUILDER_NODE_PACKAGES", default=["nodes"])
FLOWBUILDER_MODEL_FOLDER = env.str("FLOWBUILDER_MODEL_FOLDER", default=str(HOME_DIR / "shelf"))
"""Where an administrator puts model folders that people may add by name."""
FLOWBUILDER_INDEX_FOLDER = env.str("FLOWBUILDER_INDEX_FOLDER", default=str(HOME_DIR / "indexes"))
"""Of each machine its own, where several share ``FLOWBUILDER_HOME``: it can always be made again from the database."""
FLOWBUILDER_HUB = env.str("HF_ENDPOINT", default="https://huggingface.co")
"""Asked only when somebody adds a model by its hub id."""
FLOWBUILDER_MODEL_MEMORY_MB = env.int("FLOWBUILDER_MODEL_MEMORY_MB", default=4096)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s: %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    # They would tell whole addresses, and a secret may stand in one.
    "loggers": {name: {"level": "WARNING"} for name in ("httpx", "httpx2", "httpcore", "httpcore2", "mcp")},
    "root": {"handlers": ["console"], "level": env.str("FLOWBUILDER_LOG_LEVEL", default="INFO")},
}
