"""The environment, read once and strictly: no other module looks at it.

A bad value stops every command with exit 2 and one line for each bad variable, its name
and its rule, never the value. An empty value is the default.
Source: 9-quality, section 1.
"""

import contextlib
import os
import secrets
import sqlite3
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TypeVar
from urllib.parse import urlsplit

from config import values
from resellers.money import CURRENCIES

T = TypeVar("T")

RULES = {
    "DATABASE_URL": "sqlite:///path, or postgres://user:password@host:port/name with"
    " sslmode, sslrootcert, target_session_attrs, pgbouncer",
    "REPLICA_URL": "PostgreSQL address like DATABASE_URL",
    "SECRET_KEY": "at least 50 characters, 5 of them different, not django-insecure",
    "SECRET_KEY_OLD": "comma list of former SECRET_KEYs, each by the same rule",
    "DEBUG": "0, 1, true or false",
    "DEMO": "0, 1, true or false",
    "DEMO_RESELLERS": "whole number from 3 to 5000",
    "ALLOWED_HOSTS": "comma list of host names, without *, scheme or port",
    "PUBLIC_URL": "http or https address without path; http only for loopback hosts"
    " unless DEBUG or DEMO is on",
    "TRUSTED_PROXIES": "whole number from 0 to 5",
    "HOST": "host name or IP address; with DEBUG a loopback one",
    "PORT": "whole number from 1 to 65535",
    "WEB_WORKERS": "whole number from 1 to 64",
    "WEB_THREADS": "whole number from 1 to 64",
    "JOB_WORKERS": "whole number from 0 to 16",
    "EMAIL_URL": "file:path, console:, smtp://user:password@host:port or smtps://…",
    "EMAIL_FROM": "one e-mail address",
    "STRIPE_SECRET_KEY": "sk_test_… or sk_live_…; no live key with DEBUG or DEMO",
    "STRIPE_WEBHOOK_SECRET": "one secret, or two separated by a comma",
    "STRIPE_API_BASE": "https address without path; http for loopback hosts only,"
    " never with a live key",
    "CACHE_URL": "redis://host:port/number or rediss://…, with the redis library",
    "LOG_FORMAT": "json or text",
    "LOG_LEVEL": "debug, info, warning or error",
    "METRICS_TOKEN": "at least 32 characters",
    "STAFF_TOTP": "required, or off with DEBUG or DEMO",
    "TIME_ZONE": "IANA time zone such as Europe/Berlin",
    "INVOICE_INSTRUCTIONS": "text of at most 1,000 characters",
    "PROGRAMME_CURRENCY": "ISO 4217 code in capitals, such as USD",
    "PRICE_DRIFT_PERCENT": "whole number from 1 to 1000",
    "PRICE_MAX_AGE_DAYS": "whole number from 0 to 3650",
}


class BadEnvironment(Exception):
    """One line for each bad variable, in the order of RULES."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


@dataclass(frozen=True)
class Environment:
    """Every value the settings are made of."""

    database: values.Database
    replica: values.Database | None
    secret_key: str
    secret_key_old: list[str]
    debug: bool
    demo: bool
    demo_resellers: int
    allowed_hosts: list[str]
    public_url: str
    trusted_proxies: int
    host: str
    port: int
    web_workers: int
    web_threads: int
    job_workers: int
    mail: values.Mail
    mail_from: str
    stripe_secret_key: str
    stripe_webhook_secrets: list[str]
    stripe_api_base: str
    cache_url: str
    log_format: str
    log_level: str
    metrics_token: str
    staff_totp: bool
    time_zone: str
    invoice_instructions: str
    programme_currency: str
    price_drift_percent: int
    price_max_age_days: int

    @property
    def local(self) -> bool:
        """A developer's machine or a demo: the rules of a public server do not bind."""
        return self.debug or self.demo

    @property
    def https(self) -> bool:
        return self.public_url.startswith("https:")


class Reader:
    """Collects values and problems, so that all problems are told at once."""

    def __init__(self, variables: Mapping[str, str]) -> None:
        self.variables = variables
        self.problems: dict[str, str] = {}

    def read(self, name: str, parse: Callable[[str], T], default: T) -> T:
        text = self.variables.get(name, "")
        if not text:
            return default
        try:
            return parse(text)
        except (ValueError, KeyError):
            self.refuse(name)
            return default

    def refuse(self, name: str, rule: str = "") -> None:
        self.problems.setdefault(name, f"{name}: {rule or RULES[name]}")

    def finish(self) -> None:
        if self.problems:
            lines = [self.problems[name] for name in RULES if name in self.problems]
            raise BadEnvironment(lines)


def read(variables: Mapping[str, str], base: Path) -> Environment:
    """Parse every variable; relative paths start at `base`.

    Raises BadEnvironment with all refusals at once.
    """
    reader = Reader(variables)
    debug = reader.read("DEBUG", values.switch, default=False)
    demo = reader.read("DEMO", values.switch, default=False)
    local = debug or demo
    hosts = read_hosts(reader, local=local)
    port = reader.read("PORT", values.whole(1, 65535), 8000)
    environment = Environment(
        database=read_database(reader, base),
        replica=reader.read("REPLICA_URL", values.replica, None),
        secret_key=read_secret_key(reader, base, local=local),
        secret_key_old=reader.read("SECRET_KEY_OLD", values.secret_keys, []),
        debug=debug,
        demo=demo,
        demo_resellers=reader.read("DEMO_RESELLERS", values.whole(3, 5000), 1200),
        allowed_hosts=hosts,
        public_url=read_public_url(reader, hosts, port, local=local),
        trusted_proxies=reader.read("TRUSTED_PROXIES", values.whole(0, 5), 0),
        host=read_listen_host(reader, debug=debug),
        port=port,
        web_workers=reader.read("WEB_WORKERS", values.whole(1, 64), 2),
        web_threads=reader.read("WEB_THREADS", values.whole(1, 64), 8),
        job_workers=reader.read("JOB_WORKERS", values.whole(0, 16), 1),
        mail=read_mail(reader, base),
        mail_from=reader.read(
            "EMAIL_FROM", values.mail_address, f"consign@{mail_domain(hosts)}"
        ),
        stripe_secret_key=read_stripe_key(reader, local=local),
        stripe_webhook_secrets=reader.read(
            "STRIPE_WEBHOOK_SECRET", values.webhook_secrets, []
        ),
        stripe_api_base=read_stripe_base(reader),
        cache_url=read_cache(reader),
        log_format=reader.read(
            "LOG_FORMAT", values.one_of("json", "text"), "text" if debug else "json"
        ),
        log_level=reader.read(
            "LOG_LEVEL", values.one_of("debug", "info", "warning", "error"), "info"
        ),
        metrics_token=reader.read("METRICS_TOKEN", values.at_least(32), ""),
        staff_totp=read_staff_totp(reader, local=local),
        time_zone=reader.read("TIME_ZONE", values.time_zone, "UTC"),
        invoice_instructions=reader.read("INVOICE_INSTRUCTIONS", values.prose, ""),
        programme_currency=reader.read(
            "PROGRAMME_CURRENCY", values.one_of(*CURRENCIES), "USD"
        ),
        price_drift_percent=reader.read(
            "PRICE_DRIFT_PERCENT", values.whole(1, 1000), 10
        ),
        price_max_age_days=reader.read("PRICE_MAX_AGE_DAYS", values.whole(0, 3650), 90),
    )
    reader.finish()
    return environment


def read_database(reader: Reader, base: Path) -> values.Database:
    default = values.Database(vendor="sqlite", name="var/consign.sqlite3")
    database = reader.read("DATABASE_URL", values.database, default)
    if database.vendor != "sqlite":
        return database
    if sqlite3.sqlite_version_info < (3, 35):
        reader.refuse("DATABASE_URL", "SQLite must be version 3.35 or later")
    path = base / database.name
    mounts = Path("/proc/mounts")
    if mounts.exists() and values.on_network_mount(path.resolve(), mounts.read_text()):
        reader.refuse("DATABASE_URL", "a SQLite file must not lie on NFS or SMB")
    return values.Database(vendor="sqlite", name=str(path))


def read_secret_key(reader: Reader, base: Path, *, local: bool) -> str:
    """The key; on a developer's machine or in a demo made once and kept."""
    key = reader.read("SECRET_KEY", values.secret_key, "")
    if key or "SECRET_KEY" in reader.problems:
        return key
    if not local:
        reader.refuse("SECRET_KEY")
        return ""
    path = base / "var" / "secret_key"
    try:
        return values.secret_key(kept_secret(path))
    except (OSError, ValueError):
        reader.refuse("SECRET_KEY", "var/secret_key is not readable or not a key")
        return ""


def kept_secret(path: Path) -> str:
    """Read the key in `path`; when there is none, make it first, mode 0600.

    Linked into place whole, so that two first starts agree on one key.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.{os.getpid()}")
        draft.touch(mode=0o600)
        draft.write_text(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(draft)
        draft.unlink()
    return path.read_text().strip()


def read_hosts(reader: Reader, *, local: bool) -> list[str]:
    default = ["127.0.0.1", "localhost", "[::1]"] if local else []
    hosts = reader.read("ALLOWED_HOSTS", values.host_names, default)
    if not hosts:
        reader.refuse("ALLOWED_HOSTS")
    return hosts or ["localhost"]


def read_public_url(reader: Reader, hosts: list[str], port: int, *, local: bool) -> str:
    default = f"http://127.0.0.1:{port}" if local else f"https://{hosts[0]}"
    url = reader.read("PUBLIC_URL", values.public_url, default)
    parts = urlsplit(url)
    if parts.scheme == "http" and not local:
        names = [parts.hostname or "", *hosts]
        if not all(values.is_loopback(name) for name in names):
            reader.refuse("PUBLIC_URL")
    return url


def read_listen_host(reader: Reader, *, debug: bool) -> str:
    host = reader.read("HOST", values.listen_host, "127.0.0.1")
    if debug and not values.is_loopback(host):
        reader.refuse("HOST")
    return host


def read_mail(reader: Reader, base: Path) -> values.Mail:
    mail = reader.read("EMAIL_URL", values.mail, values.Mail("file", path="var/mail"))
    if mail.kind == "file":
        return values.Mail("file", path=str(base / mail.path))
    return mail


def mail_domain(hosts: list[str]) -> str:
    """The first allowed host; mail addresses need a name, not an address."""
    return hosts[0] if any(c.isalpha() for c in hosts[0]) else "localhost"


def read_staff_totp(reader: Reader, *, local: bool) -> bool:
    word = reader.read(
        "STAFF_TOTP", values.one_of("required", "off"), "off" if local else "required"
    )
    if word == "off" and not local:
        reader.refuse("STAFF_TOTP")
    return word == "required"


def read_stripe_key(reader: Reader, *, local: bool) -> str:
    key = reader.read("STRIPE_SECRET_KEY", values.stripe_key, "")
    if local and key.startswith("sk_live_"):
        reader.refuse("STRIPE_SECRET_KEY")
    return key


def read_stripe_base(reader: Reader) -> str:
    base = reader.read("STRIPE_API_BASE", values.stripe_base, "https://api.stripe.com")
    live = reader.variables.get("STRIPE_SECRET_KEY", "").startswith("sk_live_")
    if live and base.startswith("http:"):
        reader.refuse("STRIPE_API_BASE")
    return base


def read_cache(reader: Reader) -> str:
    address = reader.read("CACHE_URL", values.cache_address, "")
    if address and find_spec("redis") is None:
        reader.refuse("CACHE_URL", "needs the redis library: pip install redis")
    return address


def load(base: Path) -> Environment:
    """The environment of this process; on a bad value tell all and exit 2."""
    try:
        return read(os.environ, base)
    except BadEnvironment as bad:
        sys.stderr.write("\n".join([*bad.lines, ""]))
        sys.exit(2)
