"""The web processes of `serve`: gunicorn with threads, started as `-m config.web`.

The parent loads no Django, so that HUP brings new code.
"""

import argparse
import importlib
import os
from pathlib import Path
from typing import Any

from gunicorn.app.base import BaseApplication

from config import env, lifeline, logs
from config.board import READY, board

GRACE_SECONDS = 22
BASE_DIR = Path(__file__).resolve().parent.parent


def bound_to_parent(_arbiter: Any, _worker: Any) -> None:
    lifeline.die_with_parent(_worker.ppid)


def get_ready(_worker: Any) -> None:
    """Do what the first visitor would wait for, then say "ready".

    The API's schema is generated, and the database pool is opened.

    A database that is away is no reason to stay down: the pool goes on trying.
    """
    importlib.import_module("config.api.schema").published_parameters()
    django_db = importlib.import_module("django.db")
    pool = getattr(django_db.connection, "pool", None)
    if pool is not None:
        pool.open()
        try:
            pool.wait(timeout=5)
        except importlib.import_module("psycopg_pool").PoolTimeout:
            _worker.log.warning("The database pool could not be filled yet")
    board.write(READY)


class Web(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    def __init__(self, bind: str, *, reuse_port: bool) -> None:
        self.bind = bind
        self.reuse_port = reuse_port
        super().__init__()

    def load_config(self) -> None:
        environment = env.load(BASE_DIR)
        options = {
            "bind": self.bind,
            "reuse_port": self.reuse_port,
            "workers": environment.web_workers,
            "worker_class": "gthread",
            "threads": environment.web_threads,
            "graceful_timeout": GRACE_SECONDS,
            "keepalive": 5,
            "limit_request_line": 8190,
            "limit_request_field_size": 8190,
            # X-Forwarded-* are judged by Django, for as many proxies as are trusted.
            "forwarded_allow_ips": "",
            "forwarder_headers": "",
            "control_socket_disable": True,
            "post_fork": bound_to_parent,
            "post_worker_init": get_ready,
            "logconfig_dict": logs.logging_settings(
                environment.log_format, environment.log_level
            ),
            "loglevel": environment.log_level,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        return importlib.import_module("config.wsgi").application


def main() -> None:
    parser = argparse.ArgumentParser(prog="config.web")
    parser.add_argument("--bind", required=True)
    parser.add_argument("--board", type=int, required=True)
    parser.add_argument("--reuse-port", action="store_true")
    options = parser.parse_args()
    board.share(options.board)
    os.set_inheritable(options.board, False)
    Web(options.bind, reuse_port=options.reuse_port).run()


if __name__ == "__main__":
    main()
