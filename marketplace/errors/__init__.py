"""Every refusal of the marketplace: a code for machines, a sentence for people.

The tree is flat: each class is one code of 4-marketplace (sections 2, 4, 6 and 8), named
after the refusal, and says what to do; what refuses a catalogue file stands in
`errors.catalogue`. `detail` may be sharper at the place that raises
it; extra keywords go into the problem details.

    DomainError ─ Invalid (400)      what was sent cannot be right
                ├ PermissionRefused (403)  known, but not allowed
                └ DomainError (409)  right, but not in this state
"""

from resellers.errors import DomainError, Invalid, PermissionRefused

# Terms of a relationship


class CommissionOutOfRange(Invalid):
    code = "commission_out_of_range"
    title = "The commission is out of range"
    sentence = "Choose a whole percent from 0 to 50."


class CommissionNotInteger(Invalid):
    code = "commission_not_integer"
    title = "The commission is not a whole number"
    sentence = "Write the percent as a whole number, such as 10."


class HoursOutOfRange(Invalid):
    code = "hours_out_of_range"
    title = "The hours are out of range"
    sentence = (
        "Accept within 1 to 72 hours, fulfil within 1 to 336, and not before accepting."
    )


class InvalidPubkey(Invalid):
    code = "invalid_pubkey"
    title = "This is not a public key"
    sentence = "Use the 64 hexadecimal characters of the provider's public key."


class InvalidStatus(Invalid):
    code = "invalid_status"
    title = "This is not a status"
    sentence = "Use one of the published status words."


class NothingToChange(Invalid):
    code = "nothing_to_change"
    title = "There is nothing to change"
    sentence = "Send at least one of the fields that can change."


class RelationshipExists(DomainError):
    code = "relationship_exists"
    title = "You resell this provider already"
    sentence = "Change the terms of the relationship you have, or resume it."


class SuspendedByStaff(DomainError):
    code = "suspended_by_staff"
    title = "Staff suspended this relationship"
    sentence = "Only staff can resume it: write to the marketplace's staff."


class NotResellable(DomainError):
    code = "not_resellable"
    title = "This provider cannot be resold"
    sentence = "Only external providers can be resold, by onboarded ones."


# Renting


class QuoteInvalid(Invalid):
    code = "quote_invalid"
    title = "This quote was not issued here"
    sentence = "Open the offering again and rent from the offer it shows."


class InvalidPaymentMethod(Invalid):
    code = "invalid_payment_method"
    title = "This payment method is not available"
    sentence = "Choose one of the methods that the offering's page lists."


class InvalidSshKey(Invalid):
    code = "invalid_ssh_key"
    title = "This is not an SSH public key"
    sentence = "Paste one line such as “ssh-ed25519 AAAA… you@example.com”."


class UnknownOperatingSystem(Invalid):
    code = "unknown_operating_system"
    title = "This offering does not come with that system"
    sentence = "Choose one of the operating systems that the offering lists."


class NoteTooLong(Invalid):
    code = "note_too_long"
    title = "The note is too long"
    sentence = "Use at most 4,000 characters."


class OwnOffer(PermissionRefused):
    code = "own_offer"
    title = "This is your own offer"
    sentence = "Members of the seller cannot rent from it: choose another seller."


class TooManyUnpaid(DomainError):
    code = "too_many_unpaid"
    title = "Too many contracts await your payment"
    sentence = "Pay or cancel one of your five unpaid contracts first."


class PriceChanged(DomainError):
    """Carries `old`, `new` (total, percent and the promised hours) and a new `quote`."""

    code = "price_changed"
    title = "The price has changed"
    sentence = "Look at the new price and accept it with the new quote."


class OfferGone(DomainError):
    """Carries `reason` (why) and `offers` (the other sellers, in pick order)."""

    code = "offer_gone"
    title = "This offer is gone"
    sentence = "Nothing was rented. Choose another seller, or another offering."


# Moving an order


class OrderNotPending(DomainError):
    """Carries the `state` as it now is."""

    code = "order_not_pending"
    title = "This order no longer waits for that"
    sentence = "Somebody was faster: look at the order as it now is."


class OrderNotFulfilled(DomainError):
    code = "order_not_fulfilled"
    title = "This order is not fulfilled"
    sentence = "That can be done once the order is fulfilled."


class OrderNotEnded(DomainError):
    code = "order_not_ended"
    title = "This order has not failed"
    sentence = "Only a rejected, expired or failed order can be re-opened."


class PaymentPending(DomainError):
    code = "payment_pending"
    title = "This order is not paid yet"
    sentence = "Wait for the payment: nothing must be bought before it arrives."


class ExternalOrderIdRequired(Invalid):
    code = "external_order_id_required"
    title = "The external order id is missing"
    sentence = "Enter the id the external provider gave your order."


class InvalidExternalOrderId(Invalid):
    code = "invalid_external_order_id"
    title = "This is not an external order id"
    sentence = "Use 1 to 100 visible ASCII characters without blanks."


class ExternalOrderIdTaken(DomainError):
    """Carries `contract_id` only when the other order is the caller's own."""

    code = "external_order_id_taken"
    title = "This external order id is taken"
    sentence = "One external purchase serves one order: check the id you entered."


class ExternalOrderIdRecorded(DomainError):
    """Carries the `external_order_id` that was recorded with the purchase."""

    code = "external_order_id_recorded"
    title = "Another purchase is recorded for this order"
    sentence = "Leave the id out to deliver what was bought, or fail the order."


class DetailsNotObject(Invalid):
    code = "details_not_object"
    title = "The details are not names with values"
    sentence = "Send an object such as {“ip”: “192.0.2.10”}, not a text or a list."


class DetailsTooLarge(Invalid):
    code = "details_too_large"
    title = "The details are too large"
    sentence = "Use at most 20 names of 100 and texts of 2,000 characters."


class InvalidActualCost(Invalid):
    code = "invalid_actual_cost"
    title = "This is not what the purchase can have cost"
    sentence = "Enter an amount of zero or more with its currency."


class ReasonRequired(Invalid):
    code = "reason_required"
    title = "A reason is missing"
    sentence = "Say why in 10 to 1,000 characters: the buyer reads it."


class InvalidReasonCode(Invalid):
    code = "invalid_reason_code"
    title = "This is not a reason code"
    sentence = (
        "Use out_of_stock, price_changed, cannot_meet_requirements, supplier_refused"
        " or other."
    )


class TextRequired(Invalid):
    code = "text_required"
    title = "A text is missing"
    sentence = "Describe it in 10 to 2,000 characters."


class CannotCancel(DomainError):
    code = "cannot_cancel"
    title = "This order cannot be cancelled now"
    sentence = (
        "You can cancel until the seller accepts, and again when delivery is overdue."
    )


class ProblemOpen(DomainError):
    code = "problem_open"
    title = "A problem is open"
    sentence = "Wait until staff have resolved the problem that was reported."


class NoProblemOpen(DomainError):
    code = "no_problem_open"
    title = "No problem is open"
    sentence = "The problem was resolved already, or never reported."


# Money


class ReferenceRequired(Invalid):
    code = "reference_required"
    title = "The reference is missing"
    sentence = "Enter the reference of the transfer, at most 200 characters."


class PaymentAlreadyReceived(DomainError):
    code = "payment_already_received"
    title = "This payment was received already"
    sentence = "It was received with another reference: send the second payment back."


class RefundNotDue(DomainError):
    code = "refund_not_due"
    title = "No refund is due"
    sentence = "Look at the payment as it now is before money leaves."


class RefundAlreadySent(DomainError):
    code = "refund_already_sent"
    title = "The refund was sent already"
    sentence = "The buyer has the money back: the order cannot be re-opened."


# Who may


class NotAProviderMember(PermissionRefused):
    code = "not_a_provider_member"
    title = "You do not act for a provider"
    sentence = "Ask an owner of an onboarded provider to make you a member."


class RoleRequired(PermissionRefused):
    code = "role_required"
    title = "Your role does not allow this"
    sentence = "Ask an owner of your provider for the role this needs."


class LastOwner(DomainError):
    code = "last_owner"
    title = "A provider needs an owner"
    sentence = "Make somebody else an owner first."


class AlreadyMember(DomainError):
    code = "already_member"
    title = "This person is a member already"
    sentence = "One person belongs to one provider: change the role there."


# Providers and offerings


class NotExternal(DomainError):
    code = "not_external"
    title = "This provider is not an external one"
    sentence = "Only the offerings of external providers are imported from files."


class OfferingState(DomainError):
    """Carries the `status` as it now is."""

    code = "offering_state"
    title = "The offering's status does not allow this"
    sentence = "Look at the offering as it now is."


class NotOnboarded(DomainError):
    code = "not_onboarded"
    title = "This provider has no members"
    sentence = "Only an onboarded provider has people who act for it."


class PubkeyTaken(DomainError):
    code = "pubkey_taken"
    title = "This public key is taken"
    sentence = (
        "Another provider has this key: check it, or leave it empty for a new one."
    )


class RoleUnknown(Invalid):
    code = "invalid_role"
    title = "This is not a role"
    sentence = "Use owner, operator or viewer."


class InvalidMonth(Invalid):
    code = "invalid_month"
    title = "This is not a month"
    sentence = "Write the month as 2026-03."
