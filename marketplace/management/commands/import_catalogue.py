"""`manage.py import_catalogue PATH`: offerings of external providers from files.

Exit 0: every row is good. 1: bad rows were left out, the good ones apply. 2: refused,
nothing was written. Source: 4-marketplace, section 7.
"""

import sys
from argparse import ArgumentParser
from datetime import datetime
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.dateparse import parse_datetime

from marketplace.actions.catalogue_folder import import_folder
from marketplace.actions.catalogue_import import (
    ImportReport,
    Supplier,
    import_catalogue,
)
from marketplace.catalogue.cells import Finding
from marketplace.catalogue.folder import is_catalogue_file
from marketplace.catalogue.reader import FILE_LIMIT_BYTES
from marketplace.errors.catalogue import CatalogueTooLarge
from resellers.errors import DomainError

REFUSED = 2


class Command(BaseCommand):
    help = "Import the offerings of external providers from catalogue files."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "path",
            type=Path,
            help="one offerings file, or a folder with external_providers.csv",
        )
        parser.add_argument("--domain", default="", help="whose offerings a file holds")
        parser.add_argument("--name", default="", help="name of a new provider")
        parser.add_argument("--website", default="", help="website of the provider")
        parser.add_argument(
            "--checked-at",
            type=moment,
            help="when somebody saw these prices (ISO 8601); default now",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="report only, write nothing"
        )
        parser.add_argument(
            "--accept-large-changes",
            action="store_true",
            help="let prices move by more than 50 %% and offerings vanish by 20 %%",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            reports = run(options)
        except DomainError as refused:
            sentence = f"{refused.title}. {refused.detail} ({refused.code})"
            raise CommandError(sentence, returncode=REFUSED) from refused
        except ValidationError as refused:
            sentence = " ".join(refused.messages)
            raise CommandError(sentence, returncode=REFUSED) from refused
        for report in reports:
            for line in lines(report):
                self.stdout.write(line)
        if any(report.errors for report in reports):
            sys.exit(1)


def run(options: dict[str, Any]) -> list[ImportReport]:
    path: Path = options["path"]
    common = {
        "checked_at": options["checked_at"],
        "dry_run": options["dry_run"],
        "accept_large_changes": options["accept_large_changes"],
        "actor": None,
    }
    if path.is_dir():
        if options["domain"] or options["name"] or options["website"]:
            raise CommandError(
                "A folder names its providers itself: leave --domain, --name and"
                " --website out.",
                returncode=REFUSED,
            )
        names = sorted(each.name for each in path.iterdir())
        files = {name: read(path / name) for name in names if is_catalogue_file(name)}
        return import_folder(files, **common)
    if not options["domain"]:
        raise CommandError("Say whose file it is: --domain.", returncode=REFUSED)
    supplier = Supplier(options["domain"], options["name"], options["website"])
    return [import_catalogue(read(path), file=path.name, supplier=supplier, **common)]


def read(path: Path) -> bytes:
    try:
        if path.stat().st_size > FILE_LIMIT_BYTES:
            raise CatalogueTooLarge
        return path.read_bytes()
    except OSError as refused:
        sentence = f"{path} cannot be read: {refused.strerror}."
        raise CommandError(sentence, returncode=REFUSED) from refused


def moment(text: str) -> datetime:
    """Parse ISO 8601; without an offset it is local time (`TIME_ZONE`)."""
    at = parse_datetime(text)
    if at is None:
        raise ValueError(text)
    return at if timezone.is_aware(at) else timezone.make_aware(at)


def lines(report: ImportReport) -> list[str]:
    """One line of counts, then a line for each finding."""
    counts = report.counts
    words = [
        f"{counts.rows:,} rows",
        f"{counts.created:,} new",
        f"{counts.changed:,} changed",
        f"{counts.unchanged:,} unchanged",
        f"{counts.prices_changed:,} prices moved",
        f"{counts.returned:,} returned",
        f"{counts.retired:,} retired",
        f"{counts.refused:,} refused",
    ]
    head = "Would import" if report.dry_run else "Imported"
    return [
        f"{head} {report.file} of {report.supplier}: {', '.join(words)}.",
        *(finding_line("error", finding) for finding in report.errors),
        *(finding_line("warning", finding) for finding in report.warnings),
    ]


def finding_line(kind: str, finding: Finding) -> str:
    place = f"row {finding.row:,}"
    if finding.column:
        place += f", {finding.column}"
    return f"  {kind}: {place}: {finding.code}: {finding.message}"
