"""
One set of settings, read from the environment.

A local run (`manage.py` without `DATABASE_URL`) sets the same variables for its embedded
servers. In production a missing one fails with a sentence that says what to set. A secret
may come as `NAME_FILE`, the path of a file that holds it.
"""

import os
from pathlib import Path
from typing import Any

import django_stubs_ext
import environ
from csp.constants import NONE, SELF
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext_lazy as _

from clm.roles import ROLES, THEMSELF

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.FileAwareEnv()


def required(name: str, what: str) -> str:
    try:
        return str(env.str(name))
    except ImproperlyConfigured as exc:
        raise ImproperlyConfigured(f"Set {name} (or {name}_FILE): {what}.") from exc


CLM_DEMO = env.bool("CLM_DEMO", default=False)
CLM_LOCAL = env.bool("CLM_LOCAL", default=False)  # embedded servers, plain HTTP on loopback
CLM_DATA_DIR = Path(env.str("CLM_DATA_DIR", default=str(BASE_DIR / ".local"))).resolve()
# Where files stand, encrypted before they get there: a folder, or a bucket of an object store.
CLM_FILES_DIR = env.str("CLM_FILES_DIR", default=str(CLM_DATA_DIR / "files"))
CLM_ALIVE_DIR = env.str("CLM_ALIVE_DIR", default=str(CLM_DATA_DIR / "alive"))
CLM_SEAL_FILE = env.str("CLM_SEAL_FILE", default=str(CLM_DATA_DIR / "seals" / "seals.jsonl"))

SECRET_KEY = required("SECRET_KEY", "a long random string, it signs sessions")
CLM_FIELD_KEYS = required(
    "CLM_FIELD_KEYS", "id:base64 of 32 bytes, newest first, they encrypt identifiers"
)
CLM_INDEX_KEY = required("CLM_INDEX_KEY", "base64 of 32 bytes, it makes blind indexes")
CLM_SEAL_KEY = required("CLM_SEAL_KEY", "base64 of an Ed25519 private key, it signs the audit")
CLM_METRICS_TOKEN = env.str("CLM_METRICS_TOKEN", default="")
CLM_COUNTRY = env.str("CLM_COUNTRY", default="DK")  # whose law holds
CLM_BANK_NAME = env.str("CLM_BANK_NAME", default="Fjordbank")
# Reports to the authority (goAML): the bank's number and SWIFT code there, and the lists of codes.
CLM_GOAML_ENTITY = env.int("CLM_GOAML_ENTITY", default=1 if CLM_LOCAL else 0)
CLM_GOAML_SWIFT = env.str("CLM_GOAML_SWIFT", default="FJORDKK1" if CLM_LOCAL else "")
CLM_GOAML_CODES = env.str("CLM_GOAML_CODES", default="")
# A language model that may put articles of the assistant into other words; none unless it is set.
CLM_ASSISTANT_MODEL_URL = env.str("CLM_ASSISTANT_MODEL_URL", default="")
CLM_ASSISTANT_MODEL_NAME = env.str("CLM_ASSISTANT_MODEL_NAME", default="")
CLM_ASSISTANT_MODEL_TOKEN = env.str("CLM_ASSISTANT_MODEL_TOKEN", default="")
# Messages to customers: a channel is there when its address is set. SMTP as smtp://user:password@host:587
# or smtps://; text messages and push are posted there, signed (Standard Webhooks).
# The bank’s own address, for links in messages (`https://clm.bank.example`).
CLM_PUBLIC_URL = env.str("CLM_PUBLIC_URL", default="")
CLM_SMTP_URL = env.str("CLM_SMTP_URL", default="")
CLM_MAIL_FROM = env.str("CLM_MAIL_FROM", default="no-reply@localhost")
CLM_SMS_URL = env.str("CLM_SMS_URL", default="")
CLM_PUSH_URL = env.str("CLM_PUSH_URL", default="")
CLM_MESSAGE_SECRET = env.str("CLM_MESSAGE_SECRET", default="")
CLM_CURRENCY = env.str("CLM_CURRENCY", default="DKK")
CLM_ROLES = ROLES
CLM_CUSTOMER_MAY = THEMSELF

DEBUG = False
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["localhost", "127.0.0.1"])

CLM_APPS = [
    "customers",
    "kyc",
    "acquisition",
    "onboarding",
    "engagement",
    "retention",
    "offboarding",
    "journeys",
    "analytics",
]
INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "django.contrib.humanize",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_htmx",
    "django_cotton.apps.SimpleAppConfig",
    "template_partials.apps.SimpleAppConfig",
    "csp",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.idp.oidc",
    "pgtrigger",
    "pghistory",
    "clm",
    "clm.core",
    "clm.core.assistant",
    *CLM_APPS,
]
AUTH_USER_MODEL = "core.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "clm.core.identity.sessions.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "clm.core.web.accounts.SecondFactorMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "clm.core.web.middleware.PreferencesMiddleware",
    "clm.core.access.AccessMiddleware",
    "clm.core.api.middleware.ProblemMiddleware",
    "clm.core.history.RequestHistoryMiddleware",
]
ROOT_URLCONF = "clm.urls"
WSGI_APPLICATION = "clm.wsgi.application"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "clm.core.web.context.frame",
            ],
            # Components and partials each bring a loader of their own; here they work together.
            "loaders": [
                (
                    "template_partials.loader.Loader",
                    [
                        (
                            "django.template.loaders.cached.Loader",
                            [
                                "django_cotton.cotton_loader.Loader",
                                "django.template.loaders.filesystem.Loader",
                                "django.template.loaders.app_directories.Loader",
                            ],
                        )
                    ],
                )
            ],
            "builtins": [
                "django_cotton.templatetags.cotton",
                "template_partials.templatetags.partials",
            ],
        },
    }
]

# The web and the workers connect as a role that owns nothing; the owner migrates.
CLM_AS_OWNER = env.str("CLM_DATABASE_ROLE", default="app") == "owner"
_database = "MIGRATE_DATABASE_URL" if CLM_AS_OWNER else "DATABASE_URL"
required(_database, "postgres://user:password@host:port/name")
DATABASES = {"default": env.db(_database)}
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
CLM_APP_ROLE = env.str("CLM_APP_ROLE", default="clm_app")

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": required("CACHE_URL", "redis://host:port/1"),
        "KEY_PREFIX": "clm",
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.db"

# Celery: the facts behind each of these stand in docs/decisions/0003-delivery.md.
CELERY_BROKER_URL = required("BROKER_URL", "redis://host:port/0, apart from the cache")
CELERY_TASK_ACKS_LATE = True
CELERY_TASK_REJECT_ON_WORKER_LOST = True
CELERY_TASK_IGNORE_RESULT = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_TASK_TIME_LIMIT = 300
CELERY_WORKER_SOFT_SHUTDOWN_TIMEOUT = 30
CELERY_BROKER_CONNECTION_MAX_RETRIES = None
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_TASK_SERIALIZER = "json"
CELERY_ACCEPT_CONTENT = ["json"]
CELERY_VISIBILITY_TIMEOUT = 900
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "visibility_timeout": 900,
    "unacked_mutex_expire": 30,
    "unacked_restore_interval": 5,
}
CELERY_TASK_DEFAULT_QUEUE = env.str("CELERY_QUEUE", default="clm")
CELERY_WORKER_HIJACK_ROOT_LOGGER = False

LANGUAGE_CODE = "en"
LANGUAGES = [("da", _("Danish")), ("en", _("English"))]
# First of all, so that no package's catalogue speaks in front of ours.
LOCALE_PATHS = [BASE_DIR / "locale", BASE_DIR / "clm" / "core" / "locale"]
TIME_ZONE = "Europe/Copenhagen"
USE_TZ = True
USE_THOUSAND_SEPARATOR = True

STATIC_URL = "static/"
STATIC_ROOT = env.str("STATIC_ROOT", default=str(CLM_DATA_DIR / "static"))
CLM_ASSETS_DIR = Path(env.str("CLM_ASSETS_DIR", default=str(BASE_DIR / "build" / "static")))
STATICFILES_DIRS = [BASE_DIR / "static", CLM_ASSETS_DIR]
STORAGES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
CLM_FILES_BUCKET = env.str("CLM_FILES_BUCKET", default="")
if CLM_FILES_BUCKET:
    # Without a key the machine's own identity is used, as the AWS command line does.
    _bucket_key = env.str("CLM_FILES_ACCESS_KEY", default="") or None
    STORAGES["files"] = {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {
            "bucket_name": CLM_FILES_BUCKET,
            "location": env.str("CLM_FILES_PREFIX", default=""),
            "endpoint_url": env.str("CLM_FILES_ENDPOINT", default="") or None,
            "region_name": env.str("CLM_FILES_REGION", default="") or None,
            "access_key": _bucket_key,
            "secret_key": _bucket_key
            and required("CLM_FILES_SECRET_KEY", "what belongs to CLM_FILES_ACCESS_KEY"),
            "default_acl": None,
            # Every file has a name of its own: nobody has to be asked whether it is taken.
            "file_overwrite": True,
        },
    }
# What is sent in is searched for malware where this is set (`host:port`, or a socket's path);
# then nothing is taken in while the scanner is away.
CLM_CLAMD_ADDRESS = env.str("CLAMD_ADDRESS", default="")
DATA_UPLOAD_MAX_MEMORY_SIZE = 10 * 1024 * 1024
FILE_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024

PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
AUTHENTICATION_BACKENDS = [
    "clm.core.backends.RoleBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SESSION_REMEMBER = False  # a bank's screen is not remembered
ACCOUNT_ADAPTER = "clm.core.web.accounts.ClosedAccountAdapter"
ACCOUNT_FORMS = {"login": "clm.core.web.accounts.SignInForm"}
# Approvers and administrators sign in with a code as well (`clm/core/second_factor.py`).
CLM_REQUIRE_SECOND_FACTOR = env.bool("REQUIRE_SECOND_FACTOR", default=True)
MFA_ADAPTER = "clm.core.web.accounts.SecondFactorAdapter"
MFA_FORMS = {"authenticate": "clm.core.web.accounts.CodeForm"}
MFA_TOTP_TOLERANCE = 1  # half a minute either way: phones' clocks differ
MFA_ALLOW_UNVERIFIED_EMAIL = True  # people have a user name here, and no address to verify

# Customers sign in to My page through an OpenID Connect provider; without one nobody does.
EID_ISSUER = env.str("EID_ISSUER", default="")
EID_CLIENT_ID = env.str("EID_CLIENT_ID", default="")
EID_CLIENT_SECRET = env.str("EID_CLIENT_SECRET", default="")
EID_NAME = env.str("EID_NAME", default="MitID")
EID_SCOPES = env.list("EID_SCOPES", default=["openid", "ssn"])
EID_ACR_VALUES = env.str("EID_ACR_VALUES", default="")
# Brokers name these differently; the personal number is the only thing people are known by.
EID_CPR_CLAIM = env.str("EID_CPR_CLAIM", default="dk.cpr")
EID_ASSURANCE_CLAIM = env.str("EID_ASSURANCE_CLAIM", default="acr")
EID_TRANSACTION_CLAIM = env.str("EID_TRANSACTION_CLAIM", default="transaction_id")

# The Danish business register is asked what it says of a company; without an address nobody does.
CVR_URL = env.str("CVR_URL", default="")
CVR_USER = env.str("CVR_USER", default="")
CVR_PASSWORD = env.str("CVR_PASSWORD", default="")

# Headers and cookies. A local run speaks plain HTTP on loopback; anything else is HTTPS only.
SECURE_SSL_REDIRECT = not CLM_LOCAL
SECURE_HSTS_SECONDS = 0 if CLM_LOCAL else 31_536_000
SECURE_HSTS_INCLUDE_SUBDOMAINS = not CLM_LOCAL
SECURE_HSTS_PRELOAD = not CLM_LOCAL
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if not CLM_LOCAL else None
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = not CLM_LOCAL
SESSION_COOKIE_HTTPONLY = True
CSRF_FAILURE_VIEW = "clm.core.web.views.errors.form_refused"
SESSION_COOKIE_AGE = 8 * 60 * 60
SECURE_REFERRER_POLICY = "same-origin"
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
    }
}

REST_FRAMEWORK: dict[str, Any] = {
    "DEFAULT_SCHEMA_CLASS": "clm.core.api.operations.ApiSchema",
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "clm.core.api.authentication.BearerAuthentication",
        "clm.core.api.authentication.StaffSessionAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["clm.core.api.permissions.ScopedPermission"],
    "DEFAULT_PARSER_CLASSES": ["clm.core.api.parsers.StrictJSONParser"],
    "DEFAULT_RENDERER_CLASSES": ["clm.core.api.renderers.ApiRenderer"],
    "EXCEPTION_HANDLER": "clm.core.api.problems.exception_handler",
    "URL_FORMAT_OVERRIDE": None,
    "COERCE_DECIMAL_TO_STRING": True,
    "DATETIME_FORMAT": None,  # the renderer writes instants, in UTC
}
API_RATE = env.str("API_RATE", default="3000/60")  # requests/seconds of each client
SPECTACULAR_SETTINGS: dict[str, Any] = {
    "TITLE": "Customer life-cycle management",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1/",
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_ADD_EXPLICIT_BLANK_NULL_CHOICE": False,
    "POSTPROCESSING_HOOKS": ["clm.core.api.schema.add_problem"],
}
# API clients get short-lived tokens whose hash alone is kept (`/api/oauth/token`).
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 3600
IDP_OIDC_ACCESS_TOKEN_FORMAT = "opaque"  # noqa: S105

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"plain": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "plain"}},
    "root": {"handlers": ["console"], "level": env.str("LOG_LEVEL", default="WARNING")},
}

if env.bool("CLM_TEST", default=False):
    # A hash that takes a tenth of a second on purpose has no place in ten thousand tests.
    PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    # A live server's thread keeps no connection to a database that is about to be thrown away.
    DATABASES["default"]["CONN_MAX_AGE"] = 0
    # Found when asked for: no test pays for looking through every folder.
    WHITENOISE_USE_FINDERS = WHITENOISE_AUTOREFRESH = True

os.environ.setdefault("OMP_NUM_THREADS", "1")
