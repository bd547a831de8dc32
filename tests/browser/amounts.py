"""Amounts as they stand on pages, in answers, mails and books: texts, never floats."""

import csv
import io
import json
import re
from collections.abc import Callable
from email import message_from_string
from pathlib import Path
from typing import Any

from playwright.sync_api import Locator, Page

from tests.servers import Server, wait_until

AMOUNT = re.compile(r"\d[\d,]*\.\d\d")
LEDGER = """
import json
from resellers.models import LedgerEntry
rows = LedgerEntry.objects.filter(source_ref={ref!r}).order_by("component")
print(json.dumps([[r.component, r.amount_minor, r.currency, r.status] for r in rows]))
"""


def amounts(text: str) -> list[str]:
    return AMOUNT.findall(text)


def amounts_in(place: Locator) -> list[str]:
    return amounts(place.first.inner_text())


def receipt(place: Locator) -> dict[str, str]:
    """The lines of a price receipt: the first word of each label, its amount."""
    lines = place.locator(".receipt-line")
    return {
        line.locator("dt").inner_text().split()[0]: amounts_in(line.locator("dd"))[0]
        for line in lines.all()
        if amounts_in(line.locator("dd"))
    }


def download(page: Page, address: str) -> str:
    """What the person's browser would save."""
    answer = page.context.request.get(address)
    assert answer.status == 200, address
    return answer.text()


def csv_rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"))))


def caller(server: Server, key: str) -> Callable[[str], Any]:
    """`get("/api/v1/…")` with an access key."""

    def get(path: str) -> Any:
        answer = server.get(path, Authorization=f"Bearer {key}")
        assert answer.status == 200, (path, answer.body)
        return answer.json()

    return get


def mail_about(server: Server, subject: str, contract_id: str) -> str:
    """The one mail whose subject starts so and that links to the contract."""
    box = Path(server.environment["EMAIL_URL"].removeprefix("file:"))

    def found() -> list[str]:
        mails = [message_from_string(file.read_text()) for file in box.glob("*")]
        texts = [
            str(mail.get_payload())
            for mail in mails
            if str(mail["Subject"]).startswith(subject)
        ]
        return [text for text in texts if contract_id in text]

    assert wait_until(lambda: len(found()) == 1, 90), subject
    return found()[0]


def ledger_entries(server: Server, contract_id: str) -> list[list[Any]]:
    """Component, minor units, currency and status of each entry of an order."""
    told = server.manage("shell", "-v0", "-c", LEDGER.format(ref=contract_id))
    assert told.returncode == 0, told.stderr
    entries: list[list[Any]] = json.loads(told.stdout)
    return entries
