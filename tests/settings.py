"""The settings as tests and type checks load them: an environment, then the real ones.

`DATABASE_URL` of the caller chooses the database; everything else is fixed here, so
that a suite does not depend on the shell it was started from.
"""

import os

FIXED = {
    "SECRET_KEY": "only-for-tests-0123456789-abcdefghijklmnopqrstuvwxyz",
    "DEBUG": "0",
    "DEMO": "0",
    "ALLOWED_HOSTS": "localhost,127.0.0.1",
    "PUBLIC_URL": "http://localhost:8000",
    "EMAIL_FROM": "consign@example.com",
    "LOG_LEVEL": "warning",
}
os.environ.update(FIXED)

from config.settings import *  # noqa: E402, F403 -- the environment comes first

# Fast instead of strong: the passwords of tests protect nothing.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]

# Never collected, so that names stay plain and the finders serve what is on disk.
STATIC_ROOT = BASE_DIR / "var" / "test-static"  # noqa: F405 -- of the settings above
STATIC_ROOT.mkdir(parents=True, exist_ok=True)
