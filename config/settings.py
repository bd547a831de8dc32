"""Every setting of Consign, in reading order. Values come from `config.env`."""

import sys
from pathlib import Path
from typing import Any

import django_stubs_ext

from config import database, env, logs, wiring

django_stubs_ext.monkeypatch()

BASE_DIR = Path(__file__).resolve().parent.parent
ENVIRONMENT = env.load(BASE_DIR)

# What this installation is
VERSION = "0.1.0"
SECRET_KEY = ENVIRONMENT.secret_key
SECRET_KEY_FALLBACKS = ENVIRONMENT.secret_key_old
DEBUG = ENVIRONMENT.debug
DEMO = ENVIRONMENT.demo
DEMO_RESELLERS = ENVIRONMENT.demo_resellers
ALLOWED_HOSTS = ENVIRONMENT.allowed_hosts
PUBLIC_URL = ENVIRONMENT.public_url
HTTPS = ENVIRONMENT.https
TRUSTED_PROXIES = ENVIRONMENT.trusted_proxies
# The word in an access key that says where it works.
ACCESS_KEY_ENVIRONMENT = "demo" if DEMO else "dev" if DEBUG else "live"
# What a key may be given, by the kind of principal it stands for.
ACCESS_KEY_SCOPES = {
    "user": [
        "marketplace:read",
        "marketplace:write",
        "resellers:read",
        "resellers:write",
        "sales:write",
        "finance",
    ],
    "provider": ["marketplace:read", "marketplace:write"],
    "partner": [],
}

# Applications and the way of a request
INSTALLED_APPS = [
    "config.apps.ConsignAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django.forms",
    "django_htmx",
    "template_partials",
    "rest_framework",
    "django_filters",
    "drf_spectacular",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "csp",
    "config",
    "resellers",
    "marketplace",
]
MIDDLEWARE = [
    # Health answers before host check, redirect and sessions.
    "config.health.HealthMiddleware",
    "config.request_log.RequestLogMiddleware",
    "config.headers.SecurityHeaders",
    "config.compression.CompressPages",
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "config.errors.ErrorMiddleware",
    "config.guard.InputGuard",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "config.signin.gates.SessionLimits",
    "config.signin.gates.Gates",
    # Innermost: these two call the view.
    "config.api.door.ApiDoor",
    "config.api.idempotency.Idempotency",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
APPEND_SLASH = False
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
                "config.frame.frame",
            ]
        },
    }
]
FORM_RENDERER = "config.face.FaceRenderer"

# Databases: limits and durability stand in config/database.py
DATABASES = {
    "default": database.settings_for(
        ENVIRONMENT.database,
        role=database.process_role(sys.argv, sys.modules),
        threads=ENVIRONMENT.web_threads,
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# Cache: none without CACHE_URL; Redis helps sessions, and may be away
CACHES: dict[str, dict[str, Any]] = {
    "default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}
}
if ENVIRONMENT.cache_url:
    CACHES["default"] = {
        "BACKEND": "config.cache.ForgivingRedisCache",
        "LOCATION": ENVIRONMENT.cache_url,
        "OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5},
    }

# People, sessions, cookies
AUTH_USER_MODEL = "resellers.User"
AUTHENTICATION_BACKENDS = ["config.signin.backend.EmailBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "config.signin.passwords.MaximumLength"},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation"
        ".UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["email", "name"]},
    },
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = LOGOUT_REDIRECT_URL = "/marketplace"
PASSWORD_RESET_TIMEOUT = 60 * 60
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_ENGINE = (
    "django.contrib.sessions.backends.cached_db"
    if ENVIRONMENT.cache_url
    else "django.contrib.sessions.backends.db"
)
SESSION_COOKIE_AGE = 14 * 86_400
SESSION_COOKIE_SECURE = HTTPS
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_NAME = "__Host-session" if HTTPS else "session"
CSRF_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "__Host-csrf" if HTTPS else "csrf"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "config.signin.views.csrf_failure"
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL]
STAFF_TOTP = ENVIRONMENT.staff_totp

# Signing in (django-allauth): its own limits live in the cache, ours in the database
ACCOUNT_ADAPTER = "config.signin.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "mandatory"
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_CHANGE_EMAIL = True
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_REAUTHENTICATION_REQUIRED = True
ACCOUNT_RATE_LIMITS = False
ACCOUNT_FORMS = {
    "login": "config.signin.forms.SignInForm",
    "signup": "config.signin.forms.SignUpForm",
    "add_email": "config.signin.forms.ChangeEmailForm",
    "change_password": "config.signin.forms.ChangePasswordForm",
    "reset_password": "config.signin.forms.AskForResetForm",
    "reset_password_from_key": "config.signin.forms.ResetPasswordForm",
    "reauthenticate": "config.signin.forms.ConfirmPasswordForm",
}
MFA_ADAPTER = "config.signin.adapter.MfaAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_RECOVERY_CODES_SHOW_ONCE = True
MFA_TOTP_TOLERANCE = 0  # a code lives 30 seconds: ASVS 6.5.5
MFA_ALLOW_UNVERIFIED_EMAIL = True
MFA_RATE_LIMITS = False
MFA_FORMS = {
    "authenticate": "config.signin.forms.CodeForm",
    "reauthenticate": "config.signin.forms.ConfirmCodeForm",
    "activate_totp": "config.signin.forms.SetUpCodeForm",
}
# Routes that ask for the password (and a code) again after ten minutes.
FRESH_ROUTES = {
    "account_email",
    "account_change_password",
    "mfa_activate_totp",
    "mfa_deactivate_totp",
    "mfa_view_recovery_codes",
    "mfa_generate_recovery_codes",
    "resellers:reseller-email",
    "admin:resellers_accesskey_add",
    "admin:resellers_accesskey_revoke",
    "admin:auth_group_add",
    "admin:auth_group_change",
    "admin:resellers_user_add",
    "admin:resellers_user_change",
    "admin:resellers_user_reset_two_factor",
    "admin:marketplace_providermember_add",
    "admin:marketplace_providermember_change",
    "admin:marketplace_providermember_remove",
    "admin:resellers_reseller_email",
    "admin:resellers_reseller_tax-id",
    "admin:resellers_reseller_reveal",
    "api:resellers:reseller-email",
    "api:resellers:reseller-reveal-tax-id",
}

# What the browser is told
SECURE_SSL_REDIRECT = HTTPS
SECURE_PROXY_SSL_HEADER = (
    ("HTTP_X_FORWARDED_PROTO", "https") if TRUSTED_PROXIES else None
)
SECURE_HSTS_SECONDS = 365 * 86_400 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = HTTPS
SECURE_HSTS_PRELOAD = HTTPS
SECURE_REFERRER_POLICY = "same-origin"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"

# Language, time, static files
LANGUAGE_CODE = "en"
FORMAT_MODULE_PATH = "config.formats"
USE_I18N = True
USE_TZ = True
TIME_ZONE = ENVIRONMENT.time_zone
STATIC_URL = "/static/"
STATIC_ROOT = BASE_DIR / "var" / "static"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATICFILES_FINDERS = [
    "config.static.BundleFinder",
    "django.contrib.staticfiles.finders.FileSystemFinder",
    "django.contrib.staticfiles.finders.AppDirectoriesFinder",
]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "config.static.BundleStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False
WHITENOISE_KEEP_ONLY_HASHED_FILES = True
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("br", "gz", "map", "png", "webp", "woff2")
WHITENOISE_USE_FINDERS = DEBUG
WHITENOISE_AUTOREFRESH = DEBUG

# API: everything wired by name, so that no application imports config
REST_FRAMEWORK = {
    "EXCEPTION_HANDLER": "config.api.errors.exception_handler",
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "config.api.authentication.KeyAuthentication",
        "config.api.authentication.BrowserSession",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["config.api.authentication.DeclaredPermission"],
    "DEFAULT_PAGINATION_CLASS": "config.api.pagination.KeysetPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.api.parsers.StrictJSONParser"],
    "DEFAULT_CONTENT_NEGOTIATION_CLASS": "config.api.negotiation.OneFormat",
    "DEFAULT_METADATA_CLASS": None,
    "DEFAULT_SCHEMA_CLASS": "config.api.schema.ConsignSchema",
    "URL_FORMAT_OVERRIDE": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Consign",
    "DESCRIPTION": "Selling through resellers, with one exact commission ledger.",
    "VERSION": "2026-03-01",
    "SERVE_INCLUDE_SCHEMA": False,
    "SERVE_PERMISSIONS": ["rest_framework.permissions.AllowAny"],
    "COMPONENT_SPLIT_REQUEST": True,
    "ENUM_NAME_OVERRIDES": {
        "RelationshipStatusEnum": "marketplace.models.RelationshipStatus",
        "OrderStatusEnum": "marketplace.models.OrderStatus",
        "OrderStateEnum": "marketplace.models.OrderState",
        "PaymentStateEnum": "marketplace.models.PaymentState",
        "ContractStatusEnum": "marketplace.models.ContractStatus",
        "RateScopeEnum": "resellers.models.RateScope",
        "ResellerStatusEnum": "resellers.models.ResellerStatus",
        "StartingStatusEnum": "resellers.api.serializers.resellers.STARTING",
    },
    "SCHEMA_PATH_PREFIX": "/api/(v1|admin|ota)",
}
API_CALLS_PER_MINUTE = 12_000
# Addresses that take more than 1 MiB, and form fields that may be given twice.
UPLOAD_LIMITS: dict[str, int] = {
    "/admin/resellers/reseller/import/": 11 * 1024 * 1024,
    "/admin/resellers/referral/import/": 11 * 1024 * 1024,
    "/admin/resellers/sale/import/": 11 * 1024 * 1024,
}
REPEATABLE_FIELDS: set[str] = set()
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1_000

# Mail
EMAIL_BACKEND = {
    "file": "config.mail.PrivateFileBackend",
    "console": "django.core.mail.backends.console.EmailBackend",
}.get(ENVIRONMENT.mail.kind, "django.core.mail.backends.smtp.EmailBackend")
EMAIL_FILE_PATH = ENVIRONMENT.mail.path
EMAIL_HOST = ENVIRONMENT.mail.host
EMAIL_PORT = ENVIRONMENT.mail.port
EMAIL_HOST_USER = ENVIRONMENT.mail.user
EMAIL_HOST_PASSWORD = ENVIRONMENT.mail.password
EMAIL_USE_SSL = ENVIRONMENT.mail.kind == "smtps"
EMAIL_USE_TLS = ENVIRONMENT.mail.kind == "smtp" and not ENVIRONMENT.mail.plain
EMAIL_TIMEOUT = 10
EMAIL_SUBJECT_PREFIX = ""
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT.mail_from

# Who answers to which name: handlers, tasks, checks
JOB_HANDLERS = wiring.JOB_HANDLERS
MAIL_BUILDERS = wiring.MAIL_BUILDERS
CLOCK_TASKS = wiring.CLOCK_TASKS
LEDGER_CHECKS = wiring.LEDGER_CHECKS
PRICE_REPLAYERS = wiring.PRICE_REPLAYERS
DEMO_LOADERS = wiring.DEMO_LOADERS
METRIC_SOURCES = wiring.METRIC_SOURCES
STAFF_TASKS = wiring.STAFF_TASKS

# Business
INVOICE_INSTRUCTIONS = ENVIRONMENT.invoice_instructions
PROGRAMME_CURRENCY = ENVIRONMENT.programme_currency
PRICE_DRIFT_PERCENT = ENVIRONMENT.price_drift_percent
PRICE_MAX_AGE_DAYS = ENVIRONMENT.price_max_age_days

# Logs and metrics
METRICS_TOKEN = ENVIRONMENT.metrics_token
LOGGING = logs.logging_settings(ENVIRONMENT.log_format, ENVIRONMENT.log_level)
