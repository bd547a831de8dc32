"""The trail: one entry for every change, in the change's own transaction.

`record` masks personal data by the name of the field it stands in: e-mail keeps its
first letter and domain, a phone its last two digits, a tax id its last four. What
people write freely (notes, extended values, reasons) is masked wherever it looks like
one of these. Source: 1-product, decision 6; 5-resellers, section 11.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Protocol
from uuid import UUID

from resellers import masks
from resellers.models import AccessKey, Actor, AuditEntry, User
from resellers.models.audit_entry import AuditEntryQuerySet
from resellers.money import Money

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Set by the request's middleware and by the worker; stands in entries and jobs."""

batch: ContextVar[UUID | None] = ContextVar("batch", default=None)
"""Set by `in_batch`; stands in every entry of one bulk deed or import."""

machine: ContextVar[str] = ContextVar("machine", default="system")
"""Set by `as_machine`; the word for an actor who is neither person nor key."""

HIDDEN = "…"
DOTS = "••••"
EXTENDED = "extended_values."
"""What the name of an extended value's key begins with in an entry."""

_PHONES = frozenset({"phone", "mobile_phone", "fax", "company_phone"})
_FREE = frozenset({"notes", "message", "company_address"})
_SECRETS = frozenset({"password", "secret", "token", "secret_sha256", "totp_secret"})


class Audited(Protocol):
    """What `record` needs of an object that is no model."""

    audit_label: str
    audit_ref: str


def mask_email(address: str) -> str:
    """jane@example.com becomes j…@example.com."""
    name, at, domain = address.rpartition("@")
    return f"{name[:1]}{HIDDEN}@{domain}" if at else HIDDEN


def mask_phone(number: str) -> str:
    """727-555-0142 becomes ••••42."""
    return DOTS + "".join(sign for sign in number if sign.isdigit())[-2:]


def mask_tax_id(number: str) -> str:
    """12-3456789 becomes ••••6789; one of four characters shows none of them."""
    return DOTS + number[-4:] if len(number) > 4 else DOTS  # noqa: PLR2004 -- last four


def mask(field: str, value: Any) -> Any:
    """The value as it may be kept under this field's name."""
    if isinstance(value, Mapping):
        return {str(name): mask(str(name), each) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [mask(field, each) for each in value]
    if isinstance(value, Money):
        return {"amount_minor": value.amount, "currency": value.currency}
    if field in _SECRETS:
        return HIDDEN
    return _mask_text(field, value) if isinstance(value, str) and value else value


def _mask_text(field: str, text: str) -> str:
    if field in _FREE or field.startswith(EXTENDED):
        return masks.masked(text)
    if field == "email" or field.endswith("_email"):
        return mask_email(text)
    if field in _PHONES:
        return mask_phone(text)
    return mask_tax_id(text) if field == "tax_id" else text


def actor_label(actor: Actor) -> str:
    """Who it was, in words that may be shown: masked address, key or machine."""
    if isinstance(actor, User):
        return f"user:{mask_email(actor.email)}"
    if isinstance(actor, AccessKey):
        return f"{actor.principal_kind}:{actor.principal_ref} key:{actor.prefix}"
    return machine.get()


@contextmanager
def in_batch(number: UUID) -> Iterator[None]:
    """Mark the entries written inside as one deed: a bulk action, an import."""
    token = batch.set(number)
    try:
        yield
    finally:
        batch.reset(token)


@contextmanager
def as_machine(word: str) -> Iterator[None]:
    """Name the system's acts inside after their cause, such as "stripe"."""
    token = machine.set(word)
    try:
        yield
    finally:
        machine.reset(token)


def identity(obj: Any) -> tuple[str, str]:
    """Type and public reference of an object, as the entries name it."""
    label = getattr(obj, "audit_label", None) or obj._meta.label_lower
    ref = getattr(obj, "audit_ref", None)
    return label, str(obj.pk if ref is None else ref)


def record(
    actor: Actor,
    action: str,
    obj: Any,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    on_behalf: str = "",
) -> AuditEntry:
    """Append what happened to the object; to be called inside its transaction.

    `action` is `<noun>.<past participle>`; `before` and `after` hold the changed
    fields only and are masked here.
    """
    entry = entry_of(
        actor,
        action,
        obj,
        before=before,
        after=after,
        reason=reason,
        on_behalf=on_behalf,
    )
    entry.save(force_insert=True)
    return entry


def entry_of(
    actor: Actor,
    action: str,
    obj: Any,
    *,
    before: Mapping[str, Any] | None = None,
    after: Mapping[str, Any] | None = None,
    reason: str = "",
    on_behalf: str = "",
) -> AuditEntry:
    """The same, not written yet: for those who insert many at once."""
    object_type, object_ref = identity(obj)
    return AuditEntry(
        actor=actor if isinstance(actor, User) else None,
        actor_key=actor if isinstance(actor, AccessKey) else None,
        actor_label=actor_label(actor),
        action=action,
        object_type=object_type,
        object_ref=object_ref,
        before=None if before is None else mask("", before),
        after=None if after is None else mask("", after),
        reason=masks.masked(reason),
        on_behalf=on_behalf,
        request_id=request_id.get(),
        batch_id=batch.get(),
    )


def entries(object_type: str, object_ref: str) -> AuditEntryQuerySet:
    """The object's timeline, oldest first."""
    return AuditEntry.objects.of(object_type, object_ref).order_by("id")
