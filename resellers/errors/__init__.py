"""Refusals: a code for machines, a sentence for people, a status for HTTP.

    DomainError                       409  domain_error
    ├── Invalid                       400  invalid
    │   ├── AmountMalformed           400  amount_malformed
    │   ├── AmountOutOfRange          400  amount_out_of_range
    │   ├── CurrencyMismatch          400  currency_mismatch
    │   ├── RateMalformed             400  rate_malformed
    │   ├── RateOutOfRange            400  rate_out_of_range
    │   ├── RatePrecision             400  rate_precision
    │   ├── SubMinorUnit              400  sub_minor_unit
    │   ├── UnknownCurrency           400  unknown_currency
    │   └── UnknownScope              400  unknown_scope
    ├── PermissionRefused             403  permission_denied
    │   └── SecondPersonRequired      403  second_person_required
    ├── NotFound                      404  not_found
    ├── AccountState                  409  account_state
    ├── AlreadyExists                 409  already_exists
    │   └── EmailTaken                409  email_taken
    ├── BalanceNotZero                409  balance_not_zero
    ├── JobState                      409  job_state
    ├── NothingLeftToReverse          409  nothing_left_to_reverse
    ├── PostingConflict               409  posting_conflict
    ├── RefundExceedsPaid             409  refund_exceeds_paid
    └── TooManyKeys                   409  too_many_keys

A refusal is named after what is refused; its code is the name in snake case where no
document gives another. The refusals of a channel live in that channel and inherit
from these. One handler in config makes problem details of them (RFC 9457).
"""

from collections.abc import Callable
from typing import Any, ClassVar, TypeVar

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError

Result = TypeVar("Result")


class DomainError(Exception):
    """A refusal that a person can act on.

    `detail` says what to do about it (by default `sentence`), `field` names the input
    it belongs to, and `extra` goes into the problem details as it is (for example the
    current state).
    """

    code: ClassVar[str] = "domain_error"
    status: ClassVar[int] = 409
    title: ClassVar[str] = "This cannot be done"
    sentence: ClassVar[str] = ""

    def __init__(
        self, detail: str | None = None, *, field: str | None = None, **extra: Any
    ) -> None:
        self.detail = detail or self.sentence or f"{self.title}."
        self.field = field
        self.extra = extra
        super().__init__(self.detail)


class Invalid(DomainError):
    code = "invalid"
    status = 400
    title = "The input is not valid"


class AmountMalformed(Invalid):
    code = "amount_malformed"
    title = "The amount is not written as digits with the currency's decimals"


class AmountOutOfRange(Invalid):
    code = "amount_out_of_range"
    title = "The amount is larger than this system keeps"


class CurrencyMismatch(Invalid):
    code = "currency_mismatch"
    title = "Amounts of two currencies are never added or compared"


class RateMalformed(Invalid):
    code = "rate_malformed"
    title = "The rate is not a plain decimal number"


class RateOutOfRange(Invalid):
    code = "rate_out_of_range"
    title = "The rate lies outside 0 to 100 percent"


class RatePrecision(Invalid):
    code = "rate_precision"
    title = "The rate is finer than one hundredth of a percent"


class SubMinorUnit(Invalid):
    code = "sub_minor_unit"
    title = "The amount is not whole in the currency's smallest unit"


class UnknownCurrency(Invalid):
    code = "unknown_currency"
    title = "The currency is not known"


class UnknownScope(Invalid):
    code = "unknown_scope"
    title = "The access key cannot carry this scope"


class PermissionRefused(DomainError):
    code = "permission_denied"
    status = 403
    title = "This account may not do that"


class SecondPersonRequired(PermissionRefused):
    code = "second_person_required"
    title = "Another person must approve this"


class NotFound(DomainError):
    code = "not_found"
    status = 404
    title = "There is nothing here"


class AccountState(DomainError):
    code = "account_state"
    title = "The account's state does not allow this"


class AlreadyExists(DomainError):
    code = "already_exists"
    title = "This exists already"


class EmailTaken(AlreadyExists):
    code = "email_taken"
    title = "Somebody uses this e-mail address already"


class BalanceNotZero(DomainError):
    code = "balance_not_zero"
    title = "The account still has a balance"


class JobState(DomainError):
    code = "job_state"
    title = "The job's state does not allow this"


class NothingLeftToReverse(DomainError):
    code = "nothing_left_to_reverse"
    title = "Nothing is left to reverse"


class PostingConflict(DomainError):
    code = "posting_conflict"
    title = "This fact was posted before with other figures"


class RefundExceedsPaid(DomainError):
    code = "refund_exceeds_paid"
    title = "More would be refunded than was paid"


class TooManyKeys(DomainError):
    code = "too_many_keys"
    title = "Two access keys are live already; revoke one first"


def submit(
    form: forms.BaseForm, action: Callable[..., Result], *args: Any, **facts: Any
) -> Result | None:
    """Call the action with a valid form's data; a refusal lands on the form.

    Answers what the action returned, or None when the form or the action refused:
    then `form.errors` says why, at the field where it is known.
    """
    if not form.is_valid():
        return None
    try:
        return action(*args, **form.cleaned_data, **facts)
    except DomainError as refusal:
        field = refusal.field if refusal.field in form.fields else None
        form.add_error(field, ValidationError(refusal.detail, code=refusal.code))
    except ValidationError as refusal:
        _add_validation(form, refusal)
    return None


def _add_validation(form: forms.BaseForm, refusal: ValidationError) -> None:
    if not hasattr(refusal, "error_dict"):
        form.add_error(None, refusal)
        return
    for name, errors in refusal.error_dict.items():
        known = name in form.fields and name != NON_FIELD_ERRORS
        form.add_error(name if known else None, ValidationError(errors))
