"""Making and changing profiles: codes, pointers, finance fields, tags, the trail."""

import pytest

from resellers.actions.profiles import create_reseller
from resellers.models import AccessKey, Account, AuditEntry, Job, Reseller, User
from resellers.rates import own_rate
from tests.factories.profiles import ContactGroupFactory, ResellerFactory
from tests.factories.resellers import UserFactory
from tests.problems import assert_error

pytestmark = pytest.mark.django_db
LIST = "/api/admin/resellers"
NO_ID = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
def reseller(clock):
    return create_reseller(
        email="avery@example.com",
        first_name="Avery",
        extended_values=[
            {"key": "vip_status", "value": "yes"},
            {"key": "old_key", "value": "1"},
        ],
        actor=None,
    )


@pytest.fixture
def address(reseller):
    return f"{LIST}/{reseller.pk}"


def pointers(problem):
    return [error["pointer"] for error in problem["errors"]]


# Making


def test_unknown_address_makes_an_inactive_user_and_invites(editor, clock):
    body = {"email": "New@Example.com", "lastName": "Quill", "invite": True}

    response = editor.post(LIST, body)

    made = Reseller.objects.get()
    assert response.status_code == 201
    assert response["Location"] == f"{LIST}/{made.pk}"
    assert response["ETag"] == editor.get(response["Location"])["ETag"]
    assert response.json() == editor.get(response["Location"]).json()
    assert response.json()["email"] == "new@example.com"
    assert (made.user.is_active, made.user.has_usable_password()) == (False, False)
    assert Job.objects.filter(key__startswith="mail:reseller_invited:").count() == 1


def test_known_people_are_found_by_id_or_address(editor):
    by_id, by_address = UserFactory.create(), UserFactory.create()
    bodies = [{"userId": str(by_id.pk)}, {"email": by_address.email.upper()}]
    made = [editor.post(LIST, body).json() for body in bodies]
    assert [row["userId"] for row in made] == [str(by_id.pk), str(by_address.pk)]
    assert User.objects.filter(is_staff=False).count() == 2


def test_legacy_fields_are_writable_at_creation_only(editor):
    legacy = {
        "companyName": "Quill Ltd",
        "companyPhone": "1",
        "companyAddress": "1 Example Way\nExampleton",
    }
    made = editor.post(LIST, {"email": "a@example.com", **legacy})
    assert {name: made.json()[name] for name in legacy} == legacy
    assert made.json()["organization"] == "Quill Ltd"
    for name in legacy:
        refused = editor.patch(made["Location"], {name: "x"})
        problem = assert_error(refused, 400, "read_only_field")
        assert pointers(problem) == [f"#/{name}"]


@pytest.mark.parametrize(
    ("body", "status", "code", "pointer"),
    [
        ({}, 400, "user_or_email", None),
        (
            {"email": "x@example.com", "userId": NO_ID},
            400,
            "unknown_reference",
            "userId",
        ),
        ({"userId": NO_ID}, 400, "unknown_reference", "userId"),
        ({"userId": "1"}, 400, "invalid", "userId"),
        ({"userId": 1}, 400, "invalid", "userId"),
        ({"email": "nobody"}, 400, "invalid_email", "email"),
        ({"email": "a@b"}, 400, "invalid_email", "email"),
        (
            {"email": "a@example.com", "status": "inactive"},
            400,
            "invalid_status",
            "status",
        ),
        ({"email": "a@example.com", "invite": "yes"}, 400, "invalid", "invite"),
        ({"email": "a@example.com", "code": "RS-1"}, 400, "read_only_field", "code"),
        (
            {"email": "a@example.com", "extendedValuesPatch": {}},
            400,
            "unknown_field",
            "extendedValuesPatch",
        ),
    ],
)
def test_what_cannot_be_made_is_refused(finance, body, status, code, pointer):
    problem = assert_error(finance.post(LIST, body), status, code)
    told = [error["pointer"] for error in problem.get("errors", [])]
    assert told == ([f"#/{pointer}"] if pointer else [])
    assert not Reseller.objects.exists()


def test_both_user_and_address_is_one_too_many(editor):
    person = UserFactory.create()
    body = {"userId": str(person.pk), "email": person.email}
    assert_error(editor.post(LIST, body), 400, "user_or_email")


def test_second_profile_is_409_and_names_the_first(editor, reseller):
    response = editor.post(LIST, {"email": "avery@example.com"})
    problem = assert_error(response, 409, "reseller_exists")
    assert problem["resellerId"] == str(reseller.pk)


def test_repeated_post_makes_one_profile(editor):
    body, key = {"email": "a@example.com"}, {"Idempotency-Key": "once"}
    first, second = (editor.post(LIST, body, headers=key) for _ in range(2))
    assert (first.status_code, second.status_code) == (201, 201)
    assert second.content == first.content
    assert second["Idempotent-Replayed"] == "true"
    assert second["Location"] == first["Location"]
    assert Reseller.objects.count() == 1
    other = editor.post(LIST, {"email": "b@example.com"}, headers=key)
    assert_error(other, 422, "idempotency_key_reused")


# Changing


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"status": "inactive"}, "use_status_endpoint", "status"),
        ({"email": "b@example.com"}, "use_email_endpoint", "email"),
        ({"id": NO_ID}, "read_only_field", "id"),
        ({"userId": NO_ID}, "read_only_field", "userId"),
        ({"totalRevenueGenerated": 1}, "read_only_field", "totalRevenueGenerated"),
        ({"totalsByCurrency": []}, "read_only_field", "totalsByCurrency"),
        ({"companyName": "x"}, "read_only_field", "companyName"),
        ({"stripeConnectId": "acct_1"}, "read_only_field", "stripeConnectId"),
        ({"payoutMethod": "stripe"}, "read_only_field", "payoutMethod"),
        ({"stateName": "Florida"}, "read_only_field", "stateName"),
        ({"taxIdLast4": "1234"}, "read_only_field", "taxIdLast4"),
        ({"first_name": "x"}, "unknown_field", "first_name"),
        ({"invite": True}, "unknown_field", "invite"),
        ({"firstName": 1}, "not_a_string", "firstName"),
        ({"firstName": "x" * 101}, "too_long", "firstName"),
        ({"firstName": "a\nb"}, "invalid_character", "firstName"),
        ({"title": "x" * 51}, "too_long", "title"),
        ({"zipCode": "12"}, "invalid_zip", "zipCode"),
        ({"zipCode": "1" * 600}, "invalid_zip", "zipCode"),
        ({"phone": "12345"}, "invalid_phone", "phone"),
        ({"phone": "727-555-0142 ext 9"}, "invalid_phone", "phone"),
        ({"mobilePhone": "1" * 21}, "invalid_phone", "mobilePhone"),
        ({"fax": "call me"}, "invalid_phone", "fax"),
        ({"webSiteUrl": "ftp://example.com"}, "invalid_url", "webSiteUrl"),
        ({"country": "Atlantis"}, "unknown_country", "country"),
        ({"state": "ZZ"}, "invalid_state", "state"),
        ({"contactGroup": "nobody"}, "unknown_contact_group", "contactGroup"),
        ({"partnerTier": "gold"}, "invalid_choice", "partnerTier"),
        ({"notes": "x" * 10_001}, "too_long", "notes"),
        ({"extendedValues": {}}, "extended_value_not_text", "extendedValues"),
        (
            {"extendedValues": [{"key": "a", "value": "1"}, {"key": "b", "value": 5}]},
            "extended_value_not_text",
            "extendedValues/1",
        ),
        (
            {"extendedValues": [{"key": "_", "value": ""}]},
            "invalid_key",
            "extendedValues/0",
        ),
        (
            {"extendedValues": [{"key": "A", "value": ""}, {"key": "a", "value": ""}]},
            "duplicate_key",
            "extendedValues/1",
        ),
        ({"extendedValuesPatch": None}, "null", "extendedValuesPatch"),
        ({"extendedValuesPatch": []}, "extended_value_not_text", "extendedValuesPatch"),
        ({"extendedValuesPatch": {"phone": "1"}}, "reserved_key", "extendedValuesPatch"),
        (
            {"extendedValues": [], "extendedValuesPatch": {}},
            "extended_values_conflict",
            "extendedValuesPatch",
        ),
        ({"commissionRate": 15.5, "reason": "asked"}, "rate_not_decimal_string", "commissionRate"),
        ({"commissionRate": "15,5", "reason": "asked"}, "rate_not_decimal_string", "commissionRate"),
        ({"commissionRate": " 5", "reason": "asked"}, "rate_not_decimal_string", "commissionRate"),
        ({"commissionRate": "100.01", "reason": "asked"}, "rate_out_of_range", "commissionRate"),
        ({"commissionRate": "15.555", "reason": "asked"}, "rate_precision", "commissionRate"),
        ({"commissionRate": "15.5"}, "reason_required", "reason"),
        ({"paymentTerms": "net15"}, "reason_required", "reason"),
        ({"taxId": "99-1234567", "reason": "hm"}, "reason_required", "reason"),
        ({"paymentTerms": "net7", "reason": "asked"}, "invalid_choice", "paymentTerms"),
    ],
)  # fmt: skip
def test_bad_changes_are_refused_at_their_field(finance, address, body, code, pointer):
    before = finance.get(address).json()
    problem = assert_error(finance.patch(address, body), 400, code)
    assert pointers(problem) == [f"#/{pointer}"]
    assert finance.get(address).json() == before
    assert not AuditEntry.objects.filter(action="reseller.updated").exists()


def test_every_wrong_field_is_told_at_once(editor, address):
    body = {"status": "x", "firstName": 1, "unheard_of": 1, "zipCode": "12345"}
    problem = assert_error(editor.patch(address, body), 400, "invalid")
    told = {(error["code"], error["pointer"]) for error in problem["errors"]}
    assert told == {
        ("use_status_endpoint", "#/status"),
        ("not_a_string", "#/firstName"),
        ("unknown_field", "#/unheard_of"),
    }


def test_an_inactive_group_stays_and_is_not_chosen_anew(editor, address, reseller):
    group = ContactGroupFactory.create(is_active=False)
    refused = editor.patch(address, {"contactGroup": group.slug})
    assert_error(refused, 400, "unknown_contact_group")
    Reseller.objects.update(contact_group=group)
    kept = editor.patch(address, {"contactGroup": group.slug, "city": "Exampleton"})
    assert (kept.status_code, kept.json()["contactGroup"]) == (200, group.slug)


def test_extended_values_merge_in_their_order(editor, address):
    patch = {"vip_status": "no", "old_key": None, "New_Key": "last"}
    changed = editor.patch(address, {"extendedValuesPatch": patch})
    assert changed.json()["extendedValues"] == [
        {"key": "vip_status", "value": "no"},
        {"key": "new_key", "value": "last"},
    ]


def test_finance_sets_terms_tax_id_and_rate_with_a_reason(finance, reseller, address):
    body = {
        "paymentTerms": "net60",
        "taxId": "99-1234567",
        "commissionRate": "15.50",
        "reason": "agreed by phone",
    }

    shown = finance.patch(address, body).json()

    names = ["paymentTerms", "taxIdLast4", "commissionRate", "effectiveCommissionRate"]
    assert [shown[n] for n in names] == ["net60", "4567", "15.5", "15.5"]
    reseller.refresh_from_db()
    reseller.account.refresh_from_db()
    assert reseller.account.hold_days == 60
    cleared = finance.patch(address, {"commissionRate": None, "reason": "ended"})
    assert cleared.json()["commissionRate"] is None
    assert own_rate(reseller, reseller.updated_at) is None


@pytest.mark.parametrize("name", ["paymentTerms", "taxId", "commissionRate"])
def test_editors_touch_no_money_even_with_what_is_there(editor, address, name):
    body = {name: None, "city": "Exampleton", "reason": "as agreed"}
    problem = assert_error(editor.patch(address, body), 403, "permission_denied")
    assert pointers(problem) == [f"#/{name}"]
    assert "resellers.finance_reseller" in problem["detail"]
    assert editor.get(address).json()["city"] is None
    made = {"email": "a@example.com", name: "x"}
    assert_error(editor.post(LIST, made), 403, "permission_denied")


def test_trail_names_the_key_and_one_entry_holds_the_change(editor, address, reseller):
    body = {"phone": "727-555-0142", "extendedValuesPatch": {"vip_status": "no"}}
    editor.patch(address, body)
    editor.patch(address, body)

    entry = AuditEntry.objects.get(action="reseller.updated")

    assert entry.actor_key == AccessKey.objects.get()
    assert entry.before == {"phone": "", "extended_values.vip_status": "yes"}
    assert entry.after == {"phone": "••••42", "extended_values.vip_status": "no"}


# Tags


def test_tag_is_the_version_of_the_profile(editor, address, reseller, clock):
    read = editor.get(address)["ETag"]
    assert editor.get(address, headers={"If-None-Match": read}).status_code == 304
    clock.shift(1)
    first = editor.patch(address, {"city": "A"}, headers={"If-Match": read})
    second = editor.patch(address, {"city": "B"}, headers={"If-Match": read})
    assert first.status_code == 200
    assert_error(second, 412, "stale_version")
    assert first["ETag"] == editor.get(address)["ETag"] != read
    third = editor.patch(address, {"city": "B"}, headers={"If-Match": first["ETag"]})
    assert third.json()["city"] == "B"


def test_tag_knows_what_else_is_shown_and_a_change_does_not_ask_for_it(
    finance, address, reseller
):
    read = finance.get(address)["ETag"]
    rate = {
        "scope": "programme",
        "commissionRate": "10",
        "reason": "first programme rate",
    }
    assert finance.post("/api/admin/rates", rate).status_code == 201
    fresh = finance.get(address, headers={"If-None-Match": read})
    assert (fresh.status_code, fresh.json()["effectiveRateScope"]) == (200, "programme")
    changed = finance.patch(address, {"city": "A"}, headers={"If-Match": read})
    assert changed.status_code == 200


def test_stripe_account_is_masked_except_for_finance(viewer, finance):
    reseller = ResellerFactory.create()
    Account.objects.update(stripe_account_id="acct_1A2b3C4d")
    shown = [
        api.get(f"{LIST}/{reseller.pk}").json()["stripeConnectId"]
        for api in (viewer, finance)
    ]
    assert shown == ["••••3C4d", "acct_1A2b3C4d"]
