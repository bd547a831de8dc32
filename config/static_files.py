"""Static files collected only when their sources changed: a second start is quick."""

import fcntl
import hashlib
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import call_command

# Pages nobody mounts: ReDoc, and the browsable API of REST framework.
IGNORED = ["CVS", ".*", "*~", "redoc", "rest_framework"]


def fingerprint() -> str:
    """Names, sizes and times of all sources."""
    digest = hashlib.sha256(django.__version__.encode())
    for finder in get_finders():
        for name, storage in finder.list(IGNORED):
            stat = Path(storage.path(name)).stat()
            digest.update(f"{name} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def collect_when_changed() -> None:
    """One process at a time; STATIC_ROOT's stamp says for which sources it stands."""
    root = Path(settings.STATIC_ROOT)
    root.mkdir(parents=True, exist_ok=True)
    stamp = root.with_suffix(".stamp")
    with root.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = fingerprint()
        if stamp.exists() and stamp.read_text() == wanted:
            return
        call_command(
            "collectstatic",
            interactive=False,
            clear=True,
            verbosity=0,
            use_default_ignore_patterns=False,
            ignore_patterns=IGNORED,
        )
        stamp.write_text(wanted)
