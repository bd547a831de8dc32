"""What Django's own validators leave out."""

from django.core.exceptions import ValidationError

MAXIMUM = 128


class MaximumLength:
    """A bound, so that nobody makes the server hash a book."""

    def validate(self, password: str, user: object = None) -> None:
        if len(password) > MAXIMUM:
            raise ValidationError(
                f"At most {MAXIMUM} characters, please.", code="password_too_long"
            )

    def get_help_text(self) -> str:
        return f"At most {MAXIMUM} characters."
