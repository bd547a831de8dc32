"""Contact groups and the catalogue of extended keys as JSON."""

from typing import Any

from django.urls import reverse
from django.utils.http import urlencode
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from resellers.api import examples
from resellers.api.examples import shown_as
from resellers.api.serializers.fields import AdminBody, ClearableField, TextOut
from resellers.errors.profiles import ReadOnlyField
from resellers.extended import KEY_LENGTH, KEYS
from resellers.extended_catalogue import KeyFacts
from resellers.parsing.serializers import (
    StrictBooleanField,
    StrictCharField,
    StrictIntegerField,
)

SLUG_LENGTH, NAME_LENGTH, DESCRIPTION_LENGTH, POSITION_LIMIT = 40, 100, 500, 32_767


class ContactGroupOut(serializers.Serializer[Any]):
    """A segment of resellers; no money hangs on it."""

    slug = serializers.CharField(read_only=True)
    name = serializers.CharField(read_only=True)
    description = TextOut()
    position = serializers.IntegerField(read_only=True)
    isActive = serializers.BooleanField(source="is_active", read_only=True)
    suggestedKeys = serializers.ListField(
        source="suggested_keys", child=serializers.CharField(), read_only=True
    )


class KeysField(serializers.ListField):
    """Keys of extended values; a text is no list of letters."""

    def __init__(self, **kwargs: Any) -> None:
        child = StrictCharField(
            max_length=KEY_LENGTH, codes={"too_long": "invalid_key"}
        )
        super().__init__(child=child, max_length=KEYS, required=False, **kwargs)

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, list):
            raise ValidationError("Give a list of keys.", code="invalid")
        return super().to_internal_value(data)


class ContactGroupBody(AdminBody):
    """What can be said of a group."""

    name = StrictCharField(max_length=NAME_LENGTH)
    description = ClearableField(max_length=DESCRIPTION_LENGTH)
    position = StrictIntegerField(min_value=0, max_value=POSITION_LIMIT, required=False)
    suggestedKeys = KeysField(source="suggested_keys")


@shown_as(examples.NEW_GROUP)
class NewContactGroup(ContactGroupBody):
    """A new group; its slug never changes."""

    slug = StrictCharField(max_length=SLUG_LENGTH, codes={"too_long": "invalid_slug"})


@shown_as(examples.GROUP_CHANGE)
class ContactGroupChange(ContactGroupBody):
    """A merge patch of a group; an inactive one stays where it is."""

    elsewhere = {"slug": ReadOnlyField}

    name = StrictCharField(max_length=NAME_LENGTH, required=False)
    isActive = StrictBooleanField(source="is_active", required=False)


class ExtendedKeyOut(serializers.Serializer[Any]):
    """A key of extended values, and how it is used."""

    key = serializers.CharField(read_only=True)
    profiles = serializers.IntegerField(read_only=True)
    distinctValues = serializers.IntegerField(source="distinct", read_only=True)
    example = serializers.CharField(read_only=True)
    similar = serializers.ListField(child=serializers.CharField(), read_only=True)
    resellers = serializers.SerializerMethodField()

    def get_resellers(self, facts: KeyFacts) -> str:
        """Where the profiles with this key are listed."""
        listed = reverse("api:resellers:reseller-list")
        return f"{listed}?{urlencode({'ext_has': facts.key})}"
