"""Extended values as in section 3: replace, merge, compare, and every refusal."""

import json

import pytest

from resellers.errors import DomainError
from resellers.extended import (
    RESERVED,
    changes,
    folded_key,
    patched,
    read_values,
)
from resellers.models import Reseller
from tests.resellers import extended_inputs as inputs
from tests.resellers.extended_inputs import pair, pairs

LISTED = """
    id firstName lastName email organization contactGroup city state phone
    totalCustomersReferred totalRevenueGenerated status
    userId title address1 address2 zipCode country mobilePhone fax webSiteUrl industry
    extendedValues commissionRate createdAt updatedAt
    code contactGroupName stateName countryCode companyName companyPhone companyAddress
    taxIdLast4 taxId partnerTier paymentTerms stripeConnectId payoutMethod
    effectiveCommissionRate effectiveRateScope totalDocumentsProcessed
    totalCommissionEarned totalsByCurrency notes pendingEmail statusChangedAt
"""
"""Every name a profile has in the API: section 8."""


def refusal(call, *arguments):
    with pytest.raises(DomainError) as refused:
        call(*arguments)
    return refused.value


@pytest.mark.parametrize("row", inputs.GOOD_VALUES, ids=str)
def test_is_read(row):
    assert read_values(row.raw) == row.stored
    assert read_values(row.stored) == row.stored


@pytest.mark.parametrize("row", inputs.BAD_VALUES, ids=str)
def test_is_refused(row):
    refused = refusal(read_values, row.raw)
    assert (refused.code, refused.status) == (row.code, 400)
    assert refused.field == "extended_values"
    assert json.dumps(refused.extra).isascii()


def test_a_refusal_says_where():
    refused = refusal(read_values, [pair("a", "1"), pair("B", "2"), pair("b", "3")])
    assert refused.extra == {"index": 2, "key": "b"}
    refused = refusal(read_values, [pair("a", "1"), pair("b", 2)])
    assert refused.extra == {"index": 1, "key": "b"}
    assert refusal(read_values, [pair("a", "1"), 5]).extra == {"index": 1}
    assert refusal(patched, [], {"a b": "1"}).extra == {"key": "a b"}


def test_the_size_counts_the_bytes_that_are_written():
    for total in (64 * 1024, 64 * 1024 + 1):
        values = inputs.sized(total)
        assert len(json.dumps(values, separators=(",", ":"))) == total


@pytest.mark.parametrize("name", LISTED.split())
def test_every_name_of_the_api_is_reserved(name):
    assert RESERVED[folded_key(name)] == name


def test_every_column_is_reserved():
    columns = {
        name
        for field in Reseller._meta.concrete_fields
        for name in (field.name, field.attname, str(field.column))
    }
    assert {folded_key(name) for name in columns} <= set(RESERVED)


@pytest.mark.parametrize(
    ("key", "real"),
    [
        ("rate", "commissionRate"),
        ("Tier", "partnerTier"),
        ("zip.code", "zipCode"),
        ("STRIPE-connect_id", "stripeConnectId"),
        ("balance", "the account's ledger"),
    ],
)
def test_a_reserved_key_names_the_real_field(key, real):
    for refused in (
        refusal(read_values, [pair(key, "1")]),
        refusal(patched, [], {key: None}),
    ):
        assert refused.code == "reserved_key"
        assert refused.detail == f'"{key}" is kept in {real}: choose another key.'


def test_a_label_about_money_is_no_money():
    key = "referral_commission_tier"
    assert patched([], {key: "Premium"}) == [pair(key, "Premium")]


def test_patch_merges():
    current = pairs(a="1", vip_status="yes", old_key="x")
    patch = {"new": "n", "VIP_Status": "no", "old_key": None, "missing": None}
    assert patched(current, patch) == pairs(a="1", vip_status="no", new="n")
    assert current == pairs(a="1", vip_status="yes", old_key="x")


def test_an_empty_patch_keeps_all():
    current = pairs(b="2", a="1")
    assert patched(current, {}) == current
    assert patched(current, {}) is not current


@pytest.mark.parametrize(
    ("patch", "code"),
    [
        (None, "extended_value_not_text"),
        ([], "extended_value_not_text"),
        ("a", "extended_value_not_text"),
        ({"a": 5}, "extended_value_not_text"),
        ({"a": False}, "extended_value_not_text"),
        ({"a b": "1"}, "invalid_key"),
        ({"a b": None}, "invalid_key"),
        ({"a": "1", "A": None}, "duplicate_key"),
        ({"rate": "5"}, "reserved_key"),
        ({"a": "x" * 2_001}, "value_too_long"),
        ({"a": "nul\0"}, "invalid_character"),
        ({"k200": ""}, "too_many_keys"),
    ],
)
def test_patch_is_refused(patch, code):
    full = [pair(f"k{number}", "") for number in range(200)]
    refused = refusal(patched, full, patch)
    assert (refused.code, refused.field) == (code, "extended_values_patch")


def test_patch_may_trade_a_key_at_the_limit():
    full = [pair(f"k{number}", "") for number in range(200)]
    assert patched(full, {"new": "1", "k0": None}) == [*full[1:], pair("new", "1")]


def test_patch_is_bounded_in_bytes():
    room = 100
    current = inputs.sized(64 * 1024 - room)
    fits = "x" * (room - len(',{"key":"z","value":""}'))
    assert patched(current, {"z": fits}) == [*current, pair("z", fits)]
    assert refusal(patched, current, {"z": f"{fits}x"}).code == "too_many_keys"


def test_changes_per_key():
    before, after = pairs(a="1", b="2", c="3"), pairs(c="3", b="x", d="4")
    assert changes(before, after) == {
        "a": ("1", None),
        "b": ("2", "x"),
        "d": (None, "4"),
    }
    assert list(changes(before, after)) == ["a", "b", "d"]


def test_an_empty_value_is_not_a_missing_one():
    assert changes(pairs(a=""), []) == {"a": ("", None)}


def test_order_alone_is_no_change_of_a_key():
    assert changes(pairs(a="1", b="2"), pairs(b="2", a="1")) == {}
