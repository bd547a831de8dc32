"""Refusals of reseller profiles, referrals, rates and sales.

    Invalid, 400    invalid_email, invalid_zip, invalid_phone, invalid_url,
                    unknown_country, invalid_state, rate_not_decimal_string,
                    rate_backdated, extended_value_not_text, invalid_key,
                    duplicate_key, value_too_long, too_many_keys, reserved_key,
                    extended_values_conflict, use_status_endpoint,
                    use_email_endpoint, read_only_field, reason_required,
                    user_or_email, unknown_contact_group, self_referral,
                    invalid_event_key, event_key_reserved, occurred_ahead,
                    occurred_too_early,
                    invalid_character, too_long, invalid_choice, invalid_slug
    DomainError, 409  status_move_not_allowed, reseller_not_active,
                    customer_already_referred, referral_overlaps, referral_ended,
                    reseller_exists, already_accepted, refund_exceeds_sale,
                    restore_exceeds_refund, already_posted, cannot_post,
                    event_key_reused

Source: 5-resellers.
"""

from resellers.errors import DomainError, Invalid, PermissionRefused


class InvalidEmail(Invalid):
    code = "invalid_email"
    title = "The e-mail address is not valid"
    sentence = "Give an address such as name@example.com, of 5 to 255 characters."


class InvalidZip(Invalid):
    code = "invalid_zip"
    title = "The postal code is not valid"
    sentence = (
        "Give 3 to 10 letters, digits, spaces or hyphens,"
        " in the form of the country (US: 12345 or 12345-6789; CA: A1A 1A1)."
    )


class InvalidPhone(Invalid):
    code = "invalid_phone"
    title = "The phone number is not valid"
    sentence = (
        "Give 10 to 20 characters with 7 to 15 digits;"
        " besides digits only spaces and + ( ) - . / are read."
    )


class InvalidUrl(Invalid):
    code = "invalid_url"
    title = "The web address is not valid"
    sentence = "Give an address that begins with http:// or https://."


class UnknownCountry(Invalid):
    code = "unknown_country"
    title = "The country is not known"
    sentence = "Give a two- or three-letter code, or the English name."


class InvalidState(Invalid):
    code = "invalid_state"
    title = "The state does not belong to the country"
    sentence = "Give the two-letter code or the name of a state of the country."


class RateNotDecimalString(Invalid):
    code = "rate_not_decimal_string"
    title = "The rate is not a decimal text"
    sentence = 'Give the percent as a text such as "15.5", at most two decimals.'


class RateBackdated(Invalid):
    code = "rate_backdated"
    title = "A rate never changes the past"
    sentence = "Give a time from now on: yesterday's sales keep yesterday's rate."


class ExtendedValueNotText(Invalid):
    code = "extended_value_not_text"
    title = "An extended value is a key and a text"
    sentence = 'Give objects with exactly "key" and "value", both texts.'


class InvalidKey(Invalid):
    code = "invalid_key"
    title = "The key is not valid"
    sentence = (
        "A key has 1 to 64 letters, digits and _ . -"
        " and begins with a letter or a digit."
    )


class DuplicateKey(Invalid):
    code = "duplicate_key"
    title = "The key stands there twice"
    sentence = "Give each key once; capitals make no difference."


class ValueTooLong(Invalid):
    code = "value_too_long"
    title = "The value is too long"
    sentence = "Give at most 2,000 characters."


class TooManyExtendedKeys(Invalid):
    code = "too_many_keys"
    title = "These are too many extended values"
    sentence = "Give at most 200 keys and 64 KiB in all."


class ReservedKey(Invalid):
    code = "reserved_key"
    title = "The key names a field of the profile"


class ExtendedValuesConflict(Invalid):
    code = "extended_values_conflict"
    title = "The extended values are given twice"
    sentence = "Give extendedValues or extendedValuesPatch, not both."


class UseStatusEndpoint(Invalid):
    code = "use_status_endpoint"
    title = "The status has an address of its own"
    sentence = "Send the status and a reason to …/status."


class UseEmailEndpoint(Invalid):
    code = "use_email_endpoint"
    title = "The e-mail address has an address of its own"
    sentence = "Send the new address and a reason to …/email."


class ReadOnlyField(Invalid):
    code = "read_only_field"
    title = "The field is only read"
    sentence = "Leave this field out: it cannot be written here."


class ReasonRequired(Invalid):
    code = "reason_required"
    title = "A reason is missing"
    sentence = "Say why, in 5 to 500 characters."


class UserOrEmail(Invalid):
    code = "user_or_email"
    title = "Give the user or the e-mail address"
    sentence = "Give userId or email, not both and not none."


class UnknownContactGroup(Invalid):
    code = "unknown_contact_group"
    title = "The contact group is not known"
    sentence = "Give the slug of an active contact group."


class SelfReferral(Invalid):
    code = "self_referral"
    title = "Nobody refers themselves"
    sentence = "The customer's e-mail address is the reseller's own."


class InvalidEventKey(Invalid):
    code = "invalid_event_key"
    title = "The event key is not valid"
    sentence = "Give 1 to 200 letters, digits and the signs : _ . -"


class EventKeyReserved(Invalid):
    code = "event_key_reserved"
    title = "The event key belongs to Stripe"
    sentence = "Keys that begin with stripe: are made from Stripe's events alone."


class OccurredAhead(Invalid):
    code = "occurred_ahead"
    title = "The fact lies in the future"
    sentence = "Give the time at which it happened, at most five minutes ahead."


class OccurredTooEarly(Invalid):
    code = "occurred_too_early"
    title = "The fact is older than the books"
    sentence = "Give a time from 2000-01-01 on."


class FinanceRequired(PermissionRefused):
    title = "Only finance does this"
    sentence = "This needs the right resellers.finance_reseller."


class StatusMoveNotAllowed(DomainError):
    """`current_status` and `allowed` stand in `extra`; `status` is HTTP's there."""

    code = "status_move_not_allowed"
    title = "The status does not allow this move"


class ResellerNotActive(DomainError):
    code = "reseller_not_active"
    title = "The reseller takes no new customers"
    sentence = "Only an active reseller is given customers."


class CustomerAlreadyReferred(DomainError):
    code = "customer_already_referred"
    title = "Somebody has this customer already"


class ReferralOverlaps(DomainError):
    code = "referral_overlaps"
    title = "The customer belonged to somebody in that time"


class ReferralEnded(DomainError):
    code = "referral_ended"
    title = "The referral has ended"


class ResellerExists(DomainError):
    """`reseller_id` stands in `extra`."""

    code = "reseller_exists"
    title = "This person has a profile already"


class AlreadyAccepted(DomainError):
    code = "already_accepted"
    title = "The invitation was accepted already"


class RefundExceedsSale(DomainError):
    code = "refund_exceeds_sale"
    title = "More would be refunded than is left of the sale"


class RestoreExceedsRefund(DomainError):
    code = "restore_exceeds_refund"
    title = "More would be restored than was refunded"


class AlreadyPosted(DomainError):
    code = "already_posted"
    title = "The sale has its answer already"


class CannotPost(DomainError):
    """Nothing has changed that would give the sale another answer."""

    code = "cannot_post"
    title = "The sale still has no referral or no rate"


class EventKeyReused(DomainError):
    code = "event_key_reused"
    title = "The event key named other facts before"


class InvalidCharacter(Invalid):
    code = "invalid_character"
    title = "The text holds a character that cannot be stored"
    sentence = "Leave out control characters; a single line has no line break."


class TextTooLong(Invalid):
    code = "too_long"
    title = "The text is too long"


class InvalidChoice(Invalid):
    code = "invalid_choice"
    title = "This is not one of the choices"


class InvalidSlug(Invalid):
    code = "invalid_slug"
    title = "The slug is not valid"
    sentence = "Give 2 to 40 small letters, digits and _."
