"""One name for what was written in two: extended keys renamed on every profile.

Source: 5-resellers, section 3 ("Key catalogue").
"""

import uuid
from dataclasses import dataclass
from types import SimpleNamespace

from django.db import transaction

from resellers import audit, clock, extended, rights
from resellers.errors import DomainError, Invalid
from resellers.models import Actor, Reseller


@dataclass(frozen=True)
class RenameResult:
    """The profiles that hold the old key: renamed, and skipped as they hold both."""

    changed: list[Reseller]
    skipped: list[Reseller]


@transaction.atomic
def rename_key(*, old: str, new: str, actor: Actor, dry_run: bool) -> RenameResult:
    """Rename a key wherever it stands; value and place stay as they are.

    A profile with both keys is skipped: nobody knows which value is meant. Each
    profile has its entry, all in one batch, which the deed's own entry names. A dry
    run answers the same and writes nothing.
    Raises InvalidKey, ReservedKey, TooManyExtendedKeys at `new` (400),
    PermissionRefused (403).
    """
    rights.require(actor, rights.CHANGE)
    was, becomes = old.strip().lower(), _checked(new.strip())
    if was == becomes:
        raise Invalid("Give another name than the present one.", field="new")
    rows = _holders(was, lock=not dry_run)
    both = {row.pk for row in rows if becomes in _keys(row)}
    result = RenameResult(
        changed=[row for row in rows if row.pk not in both],
        skipped=[row for row in rows if row.pk in both],
    )
    if not dry_run and result.changed:
        _write(result, was, becomes, actor)
    return result


def _holders(key: str, *, lock: bool) -> list[Reseller]:
    rows = Reseller.objects.select_related("user").holding(key).order_by("pk")
    return list(rows.select_for_update(no_key=True, of=("self",)) if lock else rows)


def _keys(row: Reseller) -> set[str]:
    return {pair["key"] for pair in row.extended_values}


def _checked(key: str) -> str:
    return _read([{"key": key, "value": ""}])[0]["key"]


def _read(values: extended.Values) -> extended.Values:
    """The values as they would be stored; what refuses them is the new name."""
    try:
        return extended.read_values(values)
    except DomainError as refusal:
        refusal.field = "new"
        raise


def _write(result: RenameResult, was: str, becomes: str, actor: Actor) -> None:
    number = uuid.uuid4()
    with audit.in_batch(number):
        for row in result.changed:
            _rename(row, was, becomes, actor)
        deed = SimpleNamespace(audit_label="resellers.extended_key", audit_ref=was)
        after = {
            "key": becomes,
            "profiles": len(result.changed),
            "skipped": len(result.skipped),
        }
        audit.record(
            actor, "extended_key.renamed", deed, before={"key": was}, after=after
        )


def _rename(row: Reseller, was: str, becomes: str, actor: Actor) -> None:
    value = next(p["value"] for p in row.extended_values if p["key"] == was)
    row.extended_values = _read(
        [
            {**pair, "key": becomes} if pair["key"] == was else pair
            for pair in row.extended_values
        ]
    )
    row.updated_at = clock.now()
    row.save(update_fields=["extended_values", "updated_at"])
    names = (f"{audit.EXTENDED}{was}", f"{audit.EXTENDED}{becomes}")
    audit.record(
        actor,
        "reseller.updated",
        row,
        before=dict(zip(names, (value, None), strict=True)),
        after=dict(zip(names, (None, value), strict=True)),
    )
