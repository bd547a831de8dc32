"""Why something is done: a text for the trail, read the same in every action."""

from resellers.contact import read_text
from resellers.errors.profiles import ReasonRequired

REASON_LENGTHS = (5, 500)


def read_reason(reason: str, *, required: bool = True) -> str:
    """The reason without blanks around it, 5 to 500 characters; "" where none is due.

    Raises ReasonRequired, TextTooLong, InvalidCharacter.
    """
    shortest, longest = REASON_LENGTHS
    why = read_text(reason, "reason", longest, multiline=True)
    if required and len(why) < shortest:
        raise ReasonRequired(field="reason")
    return why
