"""The whole product on one port: `python manage.py serve`."""

import argparse
import os
import socket
import sys
import time
from contextlib import closing
from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, call_command

from config import demo_people
from config.board import DRAINING, READY, board
from config.static_files import collect_when_changed
from config.supervisor import Child, Supervisor

DRAIN_SECONDS = 1.0


class Command(BaseCommand):
    help = (
        "Check, migrate, collect static files, load the demo when DEMO=1, then run the"
        " web processes and the job workers until TERM. HUP reloads the web processes."
    )
    requires_system_checks = ()

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--host", help="instead of HOST")
        parser.add_argument("--port", help="instead of PORT")
        parser.add_argument("--no-worker", action="store_true", help="no job workers")
        parser.add_argument("--no-migrate", action="store_true")
        parser.add_argument(
            "--reuse-port",
            action="store_true",
            help="share the port with another serve",
        )

    def handle(self, **options: Any) -> None:
        self.adopt(options)
        environment = settings.ENVIRONMENT
        refuse_taken_port(environment.host, environment.port, options["reuse_port"])
        self.prepare(migrate=not options["no_migrate"])
        web = Child(
            "web", web_command(options["reuse_port"]), inherited=(board.create(),)
        )
        web.command = [*web.command, "--board", str(web.inherited[0])]
        count = 0 if options["no_worker"] else environment.job_workers
        jobs = [Child(f"worker {n}", command("worker")) for n in range(1, count + 1)]
        self.told = False
        Supervisor(
            [web, *jobs], reloaded=[web], before_stop=drain, each_turn=self.tell
        ).run()

    def adopt(self, options: dict[str, Any]) -> None:
        """Start over with the options as environment: one parser for both.

        The address of links in mail follows the port, in every process.
        """
        given = {"HOST": options["host"], "PORT": options["port"]}
        new = {name: text for name, text in given.items() if text is not None}
        if any(os.environ.get(name) != text for name, text in new.items()):
            flags = [f"--{f}" for f in ("no-worker", "no-migrate", "reuse-port")]
            kept = [flag for flag in flags if options[flag[2:].replace("-", "_")]]
            os.environ.update(new)
            sys.stdout.flush()
            os.execv(sys.executable, command("serve", *kept))  # noqa: S606 -- ourselves

    def prepare(self, *, migrate: bool) -> None:
        self.check()
        if migrate:
            call_command("migrate", interactive=False, verbosity=0)
        self.check(
            tags=["database"], databases=["default"], include_deployment_checks=True
        )
        collect_when_changed()
        if settings.DEMO:
            call_command("demo", verbosity=0)

    def tell(self) -> None:
        """Say once where it answers and, in a demo, who may sign in."""
        if self.told or not board.read(READY):
            return
        self.told = True
        lines = [f"Consign answers at {settings.PUBLIC_URL} (Ctrl-C ends it)."]
        if settings.DEMO:
            lines += ["", "Sign in with one click from the banner, as:"]
            lines += [
                f"  {person.email:40} {person.label}" for person in demo_people.PEOPLE
            ]
            lines += ["", "Passwords and keys: python manage.py demo --json -"]
        self.stdout.write("\n".join(lines))
        self.stdout.flush()


def command(*words: str) -> list[str]:
    return [sys.executable, str(settings.BASE_DIR / "manage.py"), *words]


def web_command(reuse_port: bool) -> list[str]:  # noqa: FBT001 -- one flag, one caller
    host, port = settings.ENVIRONMENT.host, settings.ENVIRONMENT.port
    bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    flags = ["--reuse-port"] if reuse_port else []
    return [sys.executable, "-m", "config.web", "--bind", bind, *flags]


def refuse_taken_port(host: str, port: int, reuse_port: bool) -> None:  # noqa: FBT001 -- see above
    if reuse_port:
        return
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with closing(socket.socket(family)) as attempt:
        attempt.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            attempt.bind((host, port))
        except OSError as error:
            raise CommandError(f"Cannot listen on {host}:{port}: {error}") from error


def drain() -> None:
    """Say so at /readyz for a moment before the door closes."""
    board.write(DRAINING)
    time.sleep(DRAIN_SECONDS)
