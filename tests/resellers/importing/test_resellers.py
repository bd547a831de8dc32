"""A file of resellers: what its dry run says, and what importing it does."""

import pytest

from resellers.models import AuditEntry, HeldUpload, Job, Rate, Reseller, User
from tests.factories.profiles import ContactGroupFactory, RateFactory, ResellerFactory
from tests.factories.resellers import UserFactory
from tests.resellers.importing.desk import (
    REASON,
    all_rows,
    bring_in,
    errors,
    file_of,
    report,
    states,
)

pytestmark = pytest.mark.django_db
HEAD = "email,first_name,last_name,phone"


@pytest.fixture
def avery(db):
    return ResellerFactory.create(
        user__email="avery@example.com",
        first_name="Avery",
        last_name="Quill",
        phone="727-555-0142",
        extended_values=[{"key": "vip_status", "value": "yes"}],
    )


def test_dry_run_tells_each_row_and_writes_nothing(avery, editor):
    before = all_rows()
    content = file_of(
        HEAD + ",ext.vip_status,ext.Shirt",
        "avery@example.com,Avery,,727-555-0177,no,",
        "AVERY2@example.com,Avery,Exampleton,,,XL",
        "avery@example.com,Avery,Quill,,yes,",
        "kim@example.com,Kim,Quill,12,,",
    )
    assert report(content, editor) == [
        {
            "number": 2,
            "state": "changed",
            "label": "Avery Quill (avery@example.com)",
            "changes": [
                ["phone", "727-555-0142", "727-555-0177"],
                ["ext.vip_status", "yes", "no"],
            ],
            "errors": [],
        },
        {
            "number": 3,
            "state": "new",
            "label": "Avery Exampleton (avery2@example.com)",
            "changes": [
                ["status", "", "active"],
                ["first_name", "", "Avery"],
                ["last_name", "", "Exampleton"],
                ["ext.Shirt", "", "XL"],
            ],
            "errors": [],
        },
        {
            "number": 4,
            "state": "error",
            "label": "Avery Quill (avery@example.com)",
            "changes": [],
            "errors": [["", "Row 2 is the same profile."]],
        },
        {
            "number": 5,
            "state": "error",
            "label": "Kim Quill (kim@example.com)",
            "changes": [
                ["status", "", "active"],
                ["first_name", "", "Kim"],
                ["last_name", "", "Quill"],
            ],
            "errors": [
                [
                    "phone",
                    "Give 10 to 20 characters with 7 to 15 digits;"
                    " besides digits only spaces and + ( ) - . / are read.",
                ]
            ],
        },
    ]
    assert all_rows() == before


def test_confirming_does_what_the_dry_run_said(avery, editor):
    held = bring_in(
        file_of(
            HEAD + ",status",
            "avery@example.com,,NULL,727-555-0177,active",
            "kim@example.com,Kim,Quill,,inactive",
            "avery@example.com,,,,".replace("avery", "robin"),
        ),
        editor,
    )
    assert (held.state, held.new_count, held.changed_count) == ("imported", 2, 1)
    assert bytes(HeldUpload.objects.get().content) == b""
    avery.refresh_from_db()
    assert (avery.first_name, avery.last_name) == ("Avery", "")
    assert avery.phone == "727-555-0177"
    kim = Reseller.objects.get(user__email="kim@example.com")
    assert (str(kim), kim.status, kim.user.is_active) == (
        "Kim Quill",
        "inactive",
        False,
    )
    assert Reseller.objects.filter(user__email="robin@example.com").exists()
    assert not Job.objects.exists()


def test_one_batch_with_an_entry_for_each_row_and_one_for_all(avery, editor):
    content = file_of(HEAD, "avery@example.com,,,727-555-0177", "kim@example.com,Kim,,")
    held = bring_in(content, editor)
    batch = AuditEntry.objects.filter(batch_id=held.pk).order_by("id")
    assert [(entry.action, entry.actor) for entry in batch] == [
        ("reseller.updated", editor),
        ("user.created", editor),
        ("account.opened", editor),
        ("reseller.created", editor),
        ("import.confirmed", editor),
    ]
    entry = batch.last()
    assert entry is not None
    assert (entry.object_type, entry.object_ref) == ("resellers.import", str(held.pk))
    assert entry.reason == REASON
    assert entry.after is not None
    assert {**entry.after, "sha256": len(entry.after["sha256"])} == {
        "kind": "resellers",
        "sha256": 64,
        "new": 1,
        "changed": 1,
        "unchanged": 0,
        "sends_invitations": False,
    }
    assert AuditEntry.objects.count() == 5


def test_match_by_id_before_email_and_other_ids_are_kept(avery, editor):
    content = file_of(
        "id,email,city",
        f"{avery.pk},,Exampleton",
        "old-17,kim@example.com,Exampleton",
        "6f9c2a8e-3b1d-4c5f-9a7e-0d2b4c6e8f10,robin@example.com,Exampleton",
    )
    held = bring_in(content, editor)
    assert (held.new_count, held.changed_count) == (2, 1)
    values = {
        each.email: each.extended_values
        for each in Reseller.objects.select_related("user")
    }
    assert values == {
        "avery@example.com": [{"key": "vip_status", "value": "yes"}],
        "kim@example.com": [{"key": "legacy_id", "value": "old-17"}],
        "robin@example.com": [
            {"key": "legacy_id", "value": "6f9c2a8e-3b1d-4c5f-9a7e-0d2b4c6e8f10"}
        ],
    }
    assert states(content, editor) == ["unchanged"] * 3


def test_old_id_joins_values_given_as_json(avery, editor):
    value = '"[{""key"": ""VIP_status"", ""value"": ""no""}]"'
    content = file_of("id,email,extendedValues", f"17,avery@example.com,{value}")
    bring_in(content, editor)
    avery.refresh_from_db()
    assert avery.extended_values == [
        {"key": "vip_status", "value": "no"},
        {"key": "legacy_id", "value": "17"},
    ]


def test_numbered_values_of_the_old_system(editor):
    content = file_of(
        "E-mail Address,First Name,State/Province,Zip/Postal Code,Web Site URL,Extended Value 1,"
        "Extended Value 10",
        "kim@example.com,Kim,Florida,33707,quill.example.com,Gold,XL",
    )
    bring_in(content, editor)
    kim = Reseller.objects.get()
    assert (kim.state, kim.state_name, kim.zip_code) == ("FL", "Florida", "33707")
    assert kim.web_site_url == "https://quill.example.com"
    assert kim.extended_values == [
        {"key": "extended_value_1", "value": "Gold"},
        {"key": "extended_value_10", "value": "XL"},
    ]


def test_status_and_address_of_a_profile_stay(avery, editor):
    content = file_of(
        "id,email,status",
        f"{avery.pk},other@example.com,suspended",
        ",kim@example.com,gone",
        ",robin@example.com,Suspended",
    )
    assert errors(content, editor) == [
        ["email", "The address of a profile is changed on its page, by a mailed link."],
        ["status", "The status of a profile is changed on its page, with a reason."],
        [
            "status",
            "A new profile is one of applicant, active, inactive, suspended.",
        ],
    ]
    assert states(content, editor) == ["error", "error", "new"]


def test_new_suspended_profile_has_a_held_account(editor):
    bring_in(file_of("email,status", "kim@example.com,suspended"), editor)
    kim = Reseller.objects.select_related("account").get()
    assert (kim.status, kim.account.state) == ("suspended", "held")


def test_groups_by_slug_and_an_inactive_one_stays(avery, editor):
    closed = ContactGroupFactory.create(slug="closed", is_active=False)
    Reseller.objects.update(contact_group=closed)
    content = file_of(
        "email,contactGroup",
        "avery@example.com,closed",
        "kim@example.com,closed",
        "robin@example.com,info_seekers",
    )
    assert states(content, editor) == ["unchanged", "error", "new"]
    content = file_of("email,contactGroup", "avery@example.com,NULL")
    bring_in(content, editor)
    avery.refresh_from_db()
    assert avery.contact_group is None


class TestFinance:
    CONTENT = file_of(
        "email,commissionRate,paymentTerms,tax_id",
        "avery@example.com,15.5,net60,12-3456789",
        "kim@example.com,10,,",
    )

    def test_only_finance_sets_rates_terms_and_tax_ids(self, avery, editor):
        needs = "Only finance sets this."
        assert errors(self.CONTENT, editor) == [
            ["commissionRate", needs],
            ["paymentTerms", needs],
            ["tax_id", needs],
            ["commissionRate", needs],
        ]

    def test_finance_does(self, avery, finance):
        rows = report(self.CONTENT, finance)
        assert rows[0]["changes"] == [
            ["commissionRate", "", "15.5 %"],
            ["paymentTerms", "net30", "net60"],
            ["tax_id", "", "••••6789"],
        ]
        bring_in(self.CONTENT, finance)
        avery.refresh_from_db()
        assert (avery.payment_terms, avery.tax_id) == ("net60", "12-3456789")
        assert sorted(Rate.objects.values_list("rate_bp", "reason")) == [
            (1000, REASON),
            (1550, REASON),
        ]
        assert states(self.CONTENT, finance) == ["unchanged"] * 2

    def test_unchanged_ones_need_no_right(self, avery, editor):
        RateFactory.create(scope="reseller", reseller=avery, rate_bp=1550)
        content = file_of(
            "email,commission_rate,payment_terms", "avery@example.com,15.50,net30"
        )
        assert states(content, editor) == ["unchanged"]

    def test_rate_is_taken_away(self, avery, finance):
        RateFactory.create(scope="reseller", reseller=avery, rate_bp=1550)
        bring_in(file_of("email,commission_rate", "avery@example.com,NULL"), finance)
        newest = Rate.objects.newest_first().first()
        assert newest is not None
        assert newest.rate_bp is None


class TestInvitations:
    CONTENT = file_of("email", "kim@example.com", "there@example.com")

    def test_go_out_only_when_asked_for(self, editor):
        bring_in(self.CONTENT, editor)
        assert Job.objects.count() == 0

    def test_go_to_new_people_without_a_password(self, editor):
        UserFactory.create(email="there@example.com")
        bring_in(self.CONTENT, editor, sends_invitations=True)
        kim = Reseller.objects.get(user__email="kim@example.com")
        assert [job.payload for job in Job.objects.all()] == [{"reseller": str(kim.pk)}]
        assert User.objects.filter(email="there@example.com").count() == 1


def test_cell_without_a_column_is_an_error(editor):
    content = file_of("email,city", "kim@example.com,Exampleton,what")
    assert errors(content, editor) == [["", "A cell stands beyond the last column."]]


def test_several_errors_of_a_row_are_all_named(editor):
    content = file_of(
        "email,country,state,zip_code,phone,web_site_url,ext.note,partner_tier",
        'bad,Atlantis,Bavaria,12345,1,ftp://x,"' + "x" * 2001 + '",gold',
    )
    assert [column for column, _ in errors(content, editor)] == [
        "email",
        "country",
        "phone",
        "web_site_url",
        "ext.note",
        "partner_tier",
    ]
