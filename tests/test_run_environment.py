"""Every variable is parsed strictly; all refusals are told at once, never the value."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from config import env, values

ROOT = Path(__file__).resolve().parent.parent
KEY = "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLM"
SERVER = {"SECRET_KEY": KEY, "ALLOWED_HOSTS": "shop.example.com"}

REFUSED = {
    "DATABASE_URL": [
        "mysql://u@h/n",
        "sqlite://",
        "sqlite:///",
        "sqlite:///:memory:?x=1",
        "postgres://h/",
        "postgres://u@h:99999/n",
        "postgres://u@h:x/n",
        "postgres://u@h/n?sslmode=off",
        "postgres://u@h/n?surprise=1",
        "postgres://u@h/n?pgbouncer=yes",
        "postgres://u@h/n?target_session_attrs=both",
    ],
    "REPLICA_URL": ["sqlite:///x", "postgres://h", "nowhere"],
    "SECRET_KEY": ["short", "django-insecure-" + KEY, "ab" * 30],
    "SECRET_KEY_OLD": [KEY + ",short", ","],
    "DEBUG": ["yes", "True", "2", "on"],
    "DEMO": ["yes", "2"],
    "DEMO_RESELLERS": ["2", "5001", "many"],
    "ALLOWED_HOSTS": ["*", ".example.com", "https://a.example", "a.example:80", "a b"],
    "PUBLIC_URL": [
        "ftp://a.example",
        "https://a.example/path",
        "https://u@a.example",
        "https://",
        "http://shop.example.com",
        "//a.example",
    ],
    "TRUSTED_PROXIES": ["-1", "6", "one", "1.0"],
    "HOST": ["a b", "http://x", "300.1.1.1:80"],
    "PORT": ["0", "65536", "80a", "\uff18\uff10"],
    "WEB_WORKERS": ["0", "65", "2.5", "+2", " 2"],
    "WEB_THREADS": ["0", "65"],
    "JOB_WORKERS": ["-1", "17"],
    "EMAIL_URL": ["http://x", "file:", "smtp://", "smtp://h/path", "smtp://h:x"],
    "EMAIL_FROM": ["nobody", "a@b\nBcc: c@d", "Name <a@b.example>"],
    "STRIPE_SECRET_KEY": ["pk_test_0123456789", "sk_test_", "sk_test_0123 4567"],
    "STRIPE_WEBHOOK_SECRET": ["short", "a" * 16 + "," + "b" * 16 + "," + "c" * 16],
    "STRIPE_API_BASE": ["http://stripe.example.com", "https://a.example/v1", "x"],
    "CACHE_URL": ["memcached://h", "redis://", "redis://h:0", "redis://h?db=1"],
    "LOG_FORMAT": ["xml", "JSON"],
    "LOG_LEVEL": ["trace", "INFO"],
    "METRICS_TOKEN": ["x" * 31],
    "STAFF_TOTP": ["on", "off"],
    "TIME_ZONE": ["Berlin", "UTC+1", "../etc/passwd"],
    "INVOICE_INSTRUCTIONS": ["x" * 1001, "bell\a"],
    "PROGRAMME_CURRENCY": ["usd", "XXX", "EURO"],
    "PRICE_DRIFT_PERCENT": ["0", "1001", "10%"],
    "PRICE_MAX_AGE_DAYS": ["-1", "3651"],
}
CASES = [(name, text) for name, texts in REFUSED.items() for text in texts]


def refusals(variables: dict[str, str]) -> list[str]:
    with pytest.raises(env.BadEnvironment) as refused:
        env.read(variables, ROOT)
    return refused.value.lines


def test_every_variable_has_a_bad_value_in_the_table():
    assert set(REFUSED) == set(env.RULES)


@pytest.mark.parametrize(("name", "text"), CASES)
def test_bad_value_is_refused_by_name_and_rule_alone(name, text):
    assert refusals(SERVER | {name: text}) == [f"{name}: {env.RULES[name]}"]


def test_all_bad_values_are_told_at_once_in_order():
    variables = {name: texts[0] for name, texts in REFUSED.items()}
    names = [line.partition(":")[0] for line in refusals(variables)]
    assert names == list(env.RULES)


def test_server_needs_a_key_and_its_hosts():
    names = [line.partition(":")[0] for line in refusals({})]
    assert names == ["SECRET_KEY", "ALLOWED_HOSTS"]


def test_two_variables_are_enough_for_a_server():
    found = env.read(SERVER, ROOT)
    assert (found.debug, found.demo, found.staff_totp) == (False, False, True)
    assert found.public_url == "https://shop.example.com"
    assert found.mail_from == "consign@shop.example.com"
    assert found.database.name == str(ROOT / "var" / "consign.sqlite3")
    assert (found.host, found.port, found.log_format) == ("127.0.0.1", 8000, "json")


@pytest.mark.parametrize("name", env.RULES)
def test_empty_value_is_the_default(name):
    if name in SERVER:
        assert refusals(SERVER | {name: ""}) == [f"{name}: {env.RULES[name]}"]
    else:
        assert env.read(SERVER | {name: ""}, ROOT) == env.read(SERVER, ROOT)


def test_demo_makes_its_key_once_and_keeps_it_private(tmp_path):
    first = env.read({"DEMO": "1", "PORT": "8123"}, tmp_path)
    again = env.read({"DEMO": "true"}, tmp_path)
    kept = tmp_path / "var" / "secret_key"
    assert first.secret_key == again.secret_key == kept.read_text()
    assert kept.stat().st_mode & 0o777 == 0o600
    assert first.public_url == "http://127.0.0.1:8123"
    assert first.allowed_hosts == ["127.0.0.1", "localhost", "[::1]"]
    assert first.staff_totp is False


def test_debug_listens_on_loopback_only(tmp_path):
    for host in ("0.0.0.0", "192.0.2.1", "::", "shop.example.com"):  # noqa: S104 -- refused
        with pytest.raises(env.BadEnvironment, match=r"^HOST: "):
            env.read({"DEBUG": "1", "HOST": host}, tmp_path)
    for host in ("127.0.0.1", "::1", "localhost"):
        assert env.read({"DEBUG": "1", "HOST": host}, tmp_path).host == host


def test_plain_http_is_for_loopback_hosts():
    local = SERVER | {"ALLOWED_HOSTS": "localhost", "PUBLIC_URL": "http://localhost:81"}
    assert env.read(local, ROOT).https is False
    mixed = local | {"ALLOWED_HOSTS": "localhost,shop.example.com"}
    assert refusals(mixed) == [f"PUBLIC_URL: {env.RULES['PUBLIC_URL']}"]


def test_postgres_address_is_taken_apart():
    url = (
        "postgresql://us%40er:p%3Aw@h1:1,h2:2/name"
        "?sslmode=require&target_session_attrs=read-write&pgbouncer=1"
    )
    assert values.database(url) == values.Database(
        vendor="postgresql",
        name="name",
        host="h1,h2",
        port="1,2",
        user="us@er",
        password="p:w",
        options={"sslmode": "require", "target_session_attrs": "read-write"},
        pgbouncer=True,
    )
    assert "p:w" not in repr(values.database(url))


@pytest.mark.parametrize(
    ("url", "kind", "port", "plain"),
    [
        ("smtp://mail.example.com", "smtp", 587, False),
        ("smtp://127.0.0.1:1025", "smtp", 1025, True),
        ("smtps://u:p%2F@mail.example.com", "smtps", 465, False),
    ],
)
def test_mail_is_plain_to_loopback_only(url, kind, port, plain):
    mail = values.mail(url)
    assert (mail.kind, mail.port, mail.plain) == (kind, port, plain)


def test_live_key_is_for_servers_and_for_stripe_itself(tmp_path):
    live = {"STRIPE_SECRET_KEY": "sk_live_0123456789"}
    assert env.read(SERVER | live, ROOT).stripe_secret_key == "sk_live_0123456789"
    with pytest.raises(env.BadEnvironment, match=r"^STRIPE_SECRET_KEY: "):
        env.read({"DEMO": "1"} | live, tmp_path)
    fake = {"STRIPE_API_BASE": "http://127.0.0.1:12111"}
    assert env.read(SERVER | fake, ROOT).stripe_api_base == "http://127.0.0.1:12111"
    assert refusals(SERVER | live | fake) == [
        f"STRIPE_API_BASE: {env.RULES['STRIPE_API_BASE']}"
    ]


def test_cache_needs_its_library(monkeypatch):
    cached = SERVER | {"CACHE_URL": "redis://127.0.0.1:6379/1"}
    monkeypatch.setattr(env, "find_spec", lambda _name: None)
    assert refusals(cached) == ["CACHE_URL: needs the redis library: pip install redis"]
    monkeypatch.setattr(env, "find_spec", lambda _name: object())
    assert env.read(cached, ROOT).cache_url == "redis://127.0.0.1:6379/1"


def test_network_mounts_are_found():
    mounts = "/dev/a / ext4 rw 0 0\nnas:/x /srv nfs4 rw 0 0\n/dev/b /srv/own xfs rw 0 0"
    assert values.on_network_mount(Path("/srv/db.sqlite3"), mounts)
    assert not values.on_network_mount(Path("/srv/own/db.sqlite3"), mounts)
    assert not values.on_network_mount(Path("/home/db.sqlite3"), mounts)


def test_command_stops_with_two_and_never_tells_the_value():
    secret = "django-insecure-told-to-nobody-told-to-nobody-told-to-nobody"
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env={"PATH": os.environ["PATH"], "SECRET_KEY": secret, "WEB_WORKERS": "many"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.splitlines() == [
        f"SECRET_KEY: {env.RULES['SECRET_KEY']}",
        f"ALLOWED_HOSTS: {env.RULES['ALLOWED_HOSTS']}",
        f"WEB_WORKERS: {env.RULES['WEB_WORKERS']}",
    ]
