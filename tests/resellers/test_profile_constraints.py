"""Constraints of profiles, referrals and rates, attacked past actions and validation."""

import datetime
from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection, models, transaction

from resellers.models import (
    Account,
    ContactGroup,
    Rate,
    Referral,
    Reseller,
    User,
)
from resellers.models.reseller import LENGTHS
from tests.factories.profiles import (
    LONG_AGO,
    ContactGroupFactory,
    RateFactory,
    ReferralFactory,
    ResellerFactory,
)
from tests.factories.resellers import AT, AccountFactory, UserFactory

pytestmark = pytest.mark.django_db

FACTORIES: dict[Any, Any] = {
    ContactGroup: ContactGroupFactory,
    Reseller: ResellerFactory,
    Referral: ReferralFactory,
    Rate: RateFactory,
}
RELATED: dict[Any, Any] = {
    Account: AccountFactory,
    User: UserFactory,
    Reseller: ResellerFactory,
    Referral: ReferralFactory,
}
SECOND = datetime.timedelta(seconds=1)
PHONES = ("phone", "mobile_phone", "fax")
TEN = "727 555014"
OWNER = {"reseller": ResellerFactory, "referral": ReferralFactory}

BOUNDED = {
    "state": (2, 2),
    "country": (2, 2),
    "zip_code": (3, 10),
    **dict.fromkeys(PHONES, (10, 20)),
}
CHECKS: list[Any] = [
    (ContactGroup, "contact_group_slug_length", {"slug": "n"}),
    (ContactGroup, "contact_group_slug_length", {"slug": "n" * 41}),
    (ContactGroup, "contact_group_name_length", {"name": ""}),
    (ContactGroup, "contact_group_name_length", {"name": "n" * 101}),
    (ContactGroup, "contact_group_description_length", {"description": "d" * 501}),
    (Reseller, "reseller_status_known", {"status": "gone"}),
    (Reseller, "reseller_status_known", {"status": ""}),
    (Reseller, "reseller_status_known", {"status": "Active"}),
    (Reseller, "reseller_tier_known", {"partner_tier": "gold"}),
    (Reseller, "reseller_terms_known", {"payment_terms": "net1"}),
    (Reseller, "reseller_code_length", {"code": "RS-12345"}),
    (Reseller, "reseller_code_length", {"code": "RS-1234567"}),
    *(
        (Reseller, f"reseller_{field}_length", {field: "1" * length})
        for field, (low, high) in BOUNDED.items()
        for length in (low - 1, high + 1)
    ),
    *(
        (
            Reseller,
            f"reseller_{field}_length",
            {field: "https://" + "x" * (longest - 7)},
        )
        for field, longest in LENGTHS.items()
    ),
    *(
        (Reseller, "reseller_url_scheme", {"web_site_url": url})
        for url in (
            "example.com",
            "ftp://example.com",
            "HTTP://example.com",
            " http://example.com",
            "javascript:alert(1)",
            "http:/",
        )
    ),
    (Referral, "referral_ends_later", {"ended_at": LONG_AGO, "end_reason": "other"}),
    (
        Referral,
        "referral_ends_later",
        {"ended_at": LONG_AGO - SECOND, "end_reason": "other"},
    ),
    (Referral, "referral_end_has_reason", {"ended_at": AT}),
    (Referral, "referral_end_has_reason", {"ended_at": AT, "end_reason": "mood"}),
    (Referral, "referral_end_has_reason", {"end_reason": "other"}),
    (Referral, "referral_origin_known", {"origin": "gift"}),
    (Referral, "referral_origin_known", {"origin": ""}),
    (Referral, "referral_customer_ref_length", {"customer_ref": ""}),
    (Referral, "referral_customer_ref_length", {"customer_ref": "c" * 256}),
    (Referral, "referral_email_length", {"customer_email": "e" * 256}),
    (Referral, "referral_notes_length", {"notes": "n" * 2_001}),
    (Rate, "rate_scope_has_owner", {"scope": "gift"}),
    (Rate, "rate_scope_has_owner", {"scope": "reseller"}),
    (Rate, "rate_scope_has_owner", {"scope": "referral"}),
    (Rate, "rate_scope_has_owner", {"reseller": ResellerFactory}),
    (Rate, "rate_scope_has_owner", {"referral": ReferralFactory}),
    *(
        (Rate, "rate_scope_has_owner", {**OWNER, "scope": scope})
        for scope in ("programme", "reseller", "referral")
    ),
    (
        Rate,
        "rate_scope_has_owner",
        {"scope": "reseller", "referral": ReferralFactory},
    ),
    (
        Rate,
        "rate_scope_has_owner",
        {"scope": "referral", "reseller": ResellerFactory},
    ),
    (Rate, "rate_range", {"rate_bp": -1}),
    (Rate, "rate_range", {"rate_bp": 10_001}),
    (Rate, "rate_never_backdated", {"valid_from": LONG_AGO - SECOND}),
    (Rate, "rate_never_backdated", {"valid_from": LONG_AGO.replace(year=1999)}),
    (Rate, "rate_reason_length", {"reason": ""}),
    (Rate, "rate_reason_length", {"reason": "r" * 501}),
]
UNIQUE: list[Any] = [
    (ContactGroup, "contact_group_slug", "slug"),
    (Reseller, "reseller_code", "code"),
    (Referral, "referral_customer_open", "customer_ref"),
]
GOOD: list[Any] = [
    *(
        (Reseller, {field: "1" * length})
        for field, bounds in BOUNDED.items()
        for length in bounds
    ),
    *(
        (Reseller, {field: "https://" + "x" * (longest - 8)})
        for field, longest in LENGTHS.items()
    ),
    *((Reseller, {field: ""}) for field in [*BOUNDED, *LENGTHS]),
    (Reseller, {"web_site_url": "http://x"}),
    (Referral, {"ended_at": LONG_AGO + SECOND, "end_reason": "mistake"}),
    (Referral, {"customer_ref": "c" * 255, "notes": "n" * 2_000}),
    (Rate, {"rate_bp": None}),
    (Rate, {"rate_bp": 0}),
    (Rate, {"rate_bp": 10_000, "valid_from": LONG_AGO}),
    (Rate, {"scope": "reseller", "reseller": ResellerFactory, "reason": "r" * 500}),
    (Rate, {"scope": "referral", "referral": ReferralFactory}),
]


def insert(model: Any, facts: dict[str, Any]) -> None:
    """Past actions, full_clean and managers: what a careless INSERT would do."""
    row = FACTORIES[model].build()
    for field in model._meta.concrete_fields:
        if isinstance(field, models.ForeignKey) and not field.null:
            setattr(row, field.name, RELATED[field.related_model]())
    for name, value in facts.items():
        setattr(row, name, value() if callable(value) else value)
    row.save(force_insert=True)


@pytest.mark.parametrize(("model", "name", "facts"), CHECKS)
def test_a_check_bites(model, name, facts):
    # PostgreSQL knows the width of a column before it looks at a CHECK.
    with pytest.raises((IntegrityError, DataError)) as refusal, transaction.atomic():
        insert(model, facts)
    if isinstance(refusal.value, IntegrityError):
        assert name in str(refusal.value)
    else:
        assert connection.vendor == "postgresql"


@pytest.mark.parametrize(("model", "facts"), GOOD)
def test_a_check_lets_pass_what_is_at_the_bound(model, facts):
    insert(model, facts)
    found = model.objects.latest("pk") if model is Rate else model.objects.first()
    if not any(callable(value) for value in facts.values()):
        assert {name: getattr(found, name) for name in facts} == facts


@pytest.mark.parametrize(("model", "name", "field"), UNIQUE)
def test_a_unique_key_bites(model, name, field):
    row = FACTORIES[model]()
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        insert(model, {field: getattr(row, field)})
    where = f"{model._meta.db_table}.{field}"
    assert name in str(refusal.value) or where in str(refusal.value)


@pytest.mark.parametrize("field", ["user", "account"])
def test_a_person_and_an_account_have_one_profile(field):
    row = ResellerFactory()
    with pytest.raises(IntegrityError), transaction.atomic():
        insert(Reseller, {field: getattr(row, field)})


def test_every_constraint_is_attacked():
    attacked = {name for _, name, _ in CHECKS + UNIQUE}
    assert attacked == {c.name for model in FACTORIES for c in model._meta.constraints}


@pytest.mark.parametrize("model", FACTORIES)
def test_required_columns_take_no_null(model):
    """A CHECK passes on NULL, hence what a CHECK needs is NOT NULL or says so."""
    nullable = set()
    for field in model._meta.concrete_fields:
        if field.primary_key:
            continue
        if field.null:
            nullable.add(field.attname)
            continue
        with pytest.raises(IntegrityError), transaction.atomic():
            insert(model, {field.attname: None})
    assert nullable == {
        ContactGroup: set(),
        Reseller: {"contact_group_id"},
        Referral: {"ended_at", "created_by_id"},
        Rate: {"reseller_id", "referral_id", "rate_bp", "created_by_id"},
    }.get(model)


@pytest.mark.parametrize("factory", FACTORIES.values())
def test_the_plainest_row_is_valid(factory):
    row = factory()
    row.full_clean(validate_unique=False, validate_constraints=False)
    assert type(row).objects.filter(pk=row.pk).exists()


def test_a_customer_may_come_back():
    ended = ReferralFactory(ended_at=AT, end_reason="other")
    insert(Referral, {"customer_ref": ended.customer_ref, "referred_at": AT})
    assert Referral.objects.of_customer(ended.customer_ref).count() == 2


PERIODS = [
    (LONG_AGO - SECOND, LONG_AGO + SECOND),
    (LONG_AGO + SECOND, AT - SECOND),
    (AT - SECOND, AT + SECOND),
    (AT - SECOND, None),
    (LONG_AGO - SECOND, None),
]


@pytest.mark.skipif(connection.vendor != "postgresql", reason="the action's on SQLite")
@pytest.mark.parametrize(("start", "end"), PERIODS)
def test_periods_of_a_customer_never_overlap(start, end):
    there = ReferralFactory(ended_at=AT, end_reason="other")
    facts = {"customer_ref": there.customer_ref, "referred_at": start}
    ended = {"ended_at": end, "end_reason": "other"} if end else {}
    with pytest.raises(IntegrityError) as refusal, transaction.atomic():
        insert(Referral, {**facts, **ended})
    assert "referral_periods" in str(refusal.value)


NAMES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE tbl_name = 'resellers'"
    " AND type = 'index'",
    "postgresql": "SELECT indexname FROM pg_indexes WHERE tablename = 'resellers'",
}


def test_the_indexes_of_the_source_have_its_names():
    with connection.cursor() as cursor:
        cursor.execute(NAMES[connection.vendor])
        stored = {name for (name,) in cursor.fetchall()}
    named = {each.name: each.fields for each in Reseller._meta.indexes}
    assert {name: named[name] for name in stored if name in named} == {
        "idx_reseller_status": ["status"],
        "idx_reseller_contact_group": ["contact_group"],
        "idx_reseller_organization": ["organization"],
        "idx_reseller_city_state": ["city", "state"],
        "idx_reseller_created": [],
        "idx_reseller_name": ["last_name", "first_name", "id"],
    }
