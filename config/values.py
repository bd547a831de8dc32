"""Parsers of environment values: text in, a checked value out.

Each raises ValueError for what it refuses; `config.env` knows the rule's sentence.
Source: 9-quality, section 1.
"""

import ipaddress
import re
import zoneinfo
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import environ

HOST_NAME = re.compile(
    r"(?=.{1,253}\Z)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*",
    re.IGNORECASE,
)
MAIL_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+")
POSTGRES_OPTIONS = {"sslmode", "sslrootcert", "target_session_attrs", "pgbouncer"}
SSL_MODES = {"disable", "allow", "prefer", "require", "verify-ca", "verify-full"}
SESSION_ATTRIBUTES = {
    "any",
    "read-write",
    "read-only",
    "primary",
    "standby",
    "prefer-standby",
}
PROSE_CHARACTERS = 1000
KEY_CHARACTERS = 50
KEY_DIFFERENT_CHARACTERS = 5
MAIL_ADDRESS_CHARACTERS = 254
SWITCHES = {"0": False, "1": True, "false": False, "true": True}


@dataclass(frozen=True)
class Database:
    """One DATABASE_URL, taken apart; `options` go to libpq as they are."""

    vendor: str
    name: str
    host: str = ""
    port: str = ""
    user: str = ""
    password: str = field(default="", repr=False)
    options: dict[str, str] = field(default_factory=dict)
    pgbouncer: bool = False


@dataclass(frozen=True)
class Mail:
    """Where mail goes: `kind` is file, console, smtp or smtps."""

    kind: str
    path: str = ""
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = field(default="", repr=False)

    @property
    def plain(self) -> bool:
        """Unencrypted is for a server on this machine only."""
        return self.kind == "smtp" and is_loopback(self.host)


def is_loopback(host: str) -> bool:
    """Whether the name or address reaches this machine only."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


def switch(text: str) -> bool:
    return SWITCHES[text]


def whole(low: int, high: int) -> Callable[[str], int]:
    """A parser of ASCII digits between two bounds, both included."""

    def parse(text: str) -> int:
        if not re.fullmatch(r"[0-9]{1,9}", text) or not low <= int(text) <= high:
            raise ValueError
        return int(text)

    return parse


def one_of(*words: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if text not in words:
            raise ValueError
        return text

    return parse


def at_least(length: int) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if len(text) < length or not text.isprintable():
            raise ValueError
        return text

    return parse


def prose(text: str) -> str:
    """A sentence or two for people: at most 1,000 characters, line feeds allowed."""
    if len(text) > PROSE_CHARACTERS or not text.replace("\n", "").isprintable():
        raise ValueError
    return text


def secret_key(text: str) -> str:
    few = len(set(text)) < KEY_DIFFERENT_CHARACTERS
    if len(text) < KEY_CHARACTERS or few or text.startswith("django-insecure"):
        raise ValueError
    return text


def secret_keys(text: str) -> list[str]:
    return [secret_key(key) for key in text.split(",")]


def host_name(text: str) -> str:
    """A name, an IPv4 address, or an IPv6 address in brackets."""
    if text.startswith("[") and text.endswith("]"):
        ipaddress.IPv6Address(text[1:-1])
    elif not HOST_NAME.fullmatch(text):
        raise ValueError
    return text.lower()


def host_names(text: str) -> list[str]:
    return [host_name(name.strip()) for name in text.split(",")]


def listen_host(text: str) -> str:
    """What `serve` binds to; IPv6 without brackets."""
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return host_name(text)


def public_url(text: str) -> str:
    parts = urlsplit(text)
    bare = f"{parts.scheme}://{parts.netloc}"
    if parts.scheme not in {"http", "https"} or text.rstrip("/") != bare:
        raise ValueError
    if parts.username is not None or parts.port == 0 or not parts.hostname:
        raise ValueError
    host_name(parts.netloc.rsplit(":", 1)[0] if parts.port else parts.netloc)
    return bare


def mail_address(text: str) -> str:
    if not MAIL_ADDRESS.fullmatch(text) or len(text) > MAIL_ADDRESS_CHARACTERS:
        raise ValueError
    return text


def time_zone(text: str) -> str:
    if text not in zoneinfo.available_timezones():
        raise ValueError
    return text


def database(text: str) -> Database:
    parts = urlsplit(text)
    if parts.scheme == "sqlite":
        if parts.netloc or not parts.path[1:] or parts.query or parts.fragment:
            raise ValueError
        return Database(vendor="sqlite", name=unquote(parts.path[1:]))
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ValueError
    return postgres(text)


def postgres(text: str) -> Database:
    """A PostgreSQL address, of one host or of several separated by commas."""
    query = parse_qs(urlsplit(text).query, strict_parsing=True) if "?" in text else {}
    if set(query) - POSTGRES_OPTIONS or any(len(v) != 1 for v in query.values()):
        raise ValueError
    options = {name: value for name, (value,) in query.items()}
    pgbouncer = switch(options.pop("pgbouncer", "0"))
    one_of(*SSL_MODES)(options.get("sslmode", "prefer"))
    one_of(*SESSION_ATTRIBUTES)(options.get("target_session_attrs", "any"))
    config = environ.Env.db_url_config(text.partition("?")[0])
    if not config["NAME"] or "/" in config["NAME"]:
        raise ValueError
    return Database(
        vendor="postgresql",
        name=config["NAME"],
        host=config["HOST"],
        port=str(config["PORT"]),
        user=config["USER"],
        password=config["PASSWORD"],
        options=options,
        pgbouncer=pgbouncer,
    )


def mail(text: str) -> Mail:
    parts = urlsplit(text)
    if parts.scheme == "console" and text == "console:":
        return Mail(kind="console")
    if parts.scheme == "file" and parts.path and not parts.netloc and not parts.query:
        return Mail(kind="file", path=parts.path)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError
    if parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError
    return Mail(
        kind=parts.scheme,
        host=parts.hostname,
        port=parts.port or (465 if parts.scheme == "smtps" else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
    )


def replica(text: str) -> Database:
    """A second PostgreSQL address, to read from."""
    found = database(text)
    if found.vendor != "postgresql":
        raise ValueError
    return found


def cache_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in {"redis", "rediss"} or not parts.hostname:
        raise ValueError
    if parts.port == 0 or parts.query or parts.fragment:
        raise ValueError
    return text


def stripe_key(text: str) -> str:
    if not re.fullmatch(r"sk_(test|live)_[A-Za-z0-9]{8,250}", text):
        raise ValueError
    return text


def webhook_secrets(text: str) -> list[str]:
    """One secret, or two while they are being rotated."""
    found = text.split(",")
    if len(found) > len(("new", "old")) or not all(
        re.fullmatch(r"[A-Za-z0-9_]{16,250}", secret) for secret in found
    ):
        raise ValueError
    return found


def stripe_base(text: str) -> str:
    """Stripe's address; `http` for a fake on this machine only."""
    base = public_url(text)
    parts = urlsplit(base)
    if parts.scheme == "http" and not is_loopback(parts.hostname or ""):
        raise ValueError
    return base


def on_network_mount(path: Path, mounts: str) -> bool:
    """Whether `path` lies on NFS or SMB, by the text of /proc/mounts.

    SQLite's locks do not hold there.
    """
    network = {"nfs", "nfs4", "cifs", "smb3", "smbfs"}
    found = ("", "")
    for line in mounts.splitlines():
        _, point, kind, *_ = line.split(" ")
        inside = path.is_relative_to(point.replace("\\040", " "))
        if inside and len(point) >= len(found[0]):
            found = (point, kind)
    return found[1] in network
