"""Refusals that only the API's own parsing makes."""

from resellers.errors import Invalid


class InvalidStatus(Invalid):
    code = "invalid_status"
    title = "The status is not known"
    sentence = "Give applicant, active, inactive or suspended."


class InvalidOrdering(Invalid):
    code = "invalid_ordering"
    title = "The list is not sorted like this"


class InvalidMoment(Invalid):
    code = "invalid_time"
    title = "The time is not valid"


class UnknownReference(Invalid):
    code = "unknown_reference"
    title = "An unknown thing is named"
    sentence = "Nothing has this id."
