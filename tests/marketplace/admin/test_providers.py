"""Providers and their members in the admin: every save is an action."""

import pytest

from marketplace.models import Provider, ProviderMember, external_pubkey
from resellers import audit
from tests.factories.marketplace import RelationshipFactory
from tests.factories.resellers import UserFactory
from tests.marketplace.admin.pages import form_of, sentences, url

pytestmark = pytest.mark.django_db


def actions_on(provider: Provider) -> list[str]:
    entries = audit.entries("marketplace.provider", provider.pubkey)
    return [entry.action for entry in entries]


def test_an_onboarded_provider_is_made_with_its_account(browser, boss):
    facts = {"kind": "onboarded", "name": "Nimbus", "support_email": "help@example.com"}
    answer = browser.post(url(Provider, "add"), facts)
    provider = Provider.objects.get()
    assert answer.url == url(Provider, "changelist")
    assert (provider.name, provider.support_email) == ("Nimbus", "help@example.com")
    assert provider.earning_account.name == "Nimbus"
    entry = audit.entries("marketplace.provider", provider.pubkey).get()
    assert (entry.action, entry.actor) == ("provider.created", boss)


def test_an_external_provider_gets_the_key_of_its_domain(browser):
    facts = {"kind": "external", "name": "Hosty", "domain": "hosty.example.com"}
    browser.post(url(Provider, "add"), facts)
    provider = Provider.objects.get()
    assert provider.pubkey == external_pubkey("hosty.example.com")
    assert provider.data_source == "scraper"


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"kind": "external"}, "An external provider is known by its domain."),
        ({"kind": "external", "domain": "A B"}, "Use a host name in lower case"),
        ({"kind": "onboarded", "pubkey": "xyz"}, "64 hexadecimal characters"),
        ({"kind": "onboarded", "logo_url": "javascript:1"}, "Enter a valid URL"),
        ({"kind": "onboarded", "name": ""}, "This field is required"),
        ({"kind": "none"}, "Select a valid choice"),
    ],
)
def test_a_refused_provider_is_told_and_not_made(browser, facts, sentence):
    page = browser.post(url(Provider, "add"), {"name": "Nimbus", **facts})
    assert page.status_code == 422
    assert sentence in page.content.decode()
    assert not Provider.objects.exists()


def test_a_taken_key_is_refused_at_its_field(browser, seller):
    facts = {"kind": "onboarded", "name": "Copy", "pubkey": seller.pubkey}
    page = browser.post(url(Provider, "add"), facts)
    assert page.status_code == 422
    assert page.context["adminform"].form.errors.keys() == {"pubkey"}


def test_only_what_was_changed_is_written(browser, seller, boss):
    facts = form_of(browser, seller, support_hours="9 to 5")
    Provider.objects.filter(pk=seller.pk).update(support_url="https://new.example.com")
    assert browser.post(url(seller, "change"), facts).status_code == 302
    seller.refresh_from_db()
    assert seller.support_hours == "9 to 5"
    assert seller.support_url == "https://new.example.com"
    entry = audit.entries("marketplace.provider", seller.pubkey).get()
    assert (entry.before, entry.after) == (
        {"support_hours": ""},
        {"support_hours": "9 to 5"},
    )


def test_saving_nothing_is_no_deed(browser, seller):
    browser.post(url(seller, "change"), form_of(browser, seller))
    assert actions_on(seller) == []


def test_kind_key_and_an_external_domain_stay(browser, supplier):
    before = Provider.objects.values().get(pk=supplier.pk)
    facts = {"kind": "onboarded", "pubkey": "ab" * 32, "domain": "other.example.com"}
    browser.post(url(supplier, "change"), form_of(browser, supplier, **facts))
    assert Provider.objects.values().get(pk=supplier.pk) == before


def test_all_relationships_of_a_reseller_stop_and_go_on(browser, seller):
    rows = RelationshipFactory.create_batch(2, reseller=seller)
    assert browser.post(url(seller, "suspend"), {"reason": ""}).status_code == 422
    page = browser.post(url(seller, "suspend"), {"reason": "Papers"}, follow=True)
    assert sentences(page) == ["All relationships are suspended."]
    for row in rows:
        row.refresh_from_db()
        assert (row.status, row.suspended_by) == ("suspended", "staff")
    browser.post(url(seller, "resume"))
    rows[0].refresh_from_db()
    assert rows[0].status == "active"


def test_buttons_fit_the_kind(browser, seller, supplier):
    labels = {
        provider.name: [
            button.label
            for button in browser.get(url(provider, "change")).context["buttons"]
        ]
        for provider in (seller, supplier)
    }
    assert labels == {
        "Nimbus Resale": ["Suspend all relationships", "Resume what staff suspended"],
        "Hetzner": ["Prices checked today"],
    }


def test_a_member_is_added_by_address(browser, seller, boss):
    user = UserFactory.create(email="new@example.com")
    facts = {"provider": seller.pk, "email": "New@example.com", "role": "operator"}
    assert browser.post(url(ProviderMember, "add"), facts).status_code == 302
    member = ProviderMember.objects.get()
    assert (member.user, member.role) == (user, "operator")
    assert actions_on(seller) == ["member.added"]


def test_a_member_of_another_provider_is_refused(browser, seller, stranger):
    facts = {"provider": seller.pk, "email": stranger.email, "role": "owner"}
    page = browser.post(url(ProviderMember, "add"), facts)
    assert page.status_code == 422
    assert "One person belongs to one provider" in page.content.decode()
    facts["email"] = "nobody@example.com"
    page = browser.post(url(ProviderMember, "add"), facts)
    assert "Nobody who can sign in has this address." in page.content.decode()


def test_an_external_provider_takes_no_members(browser, supplier):
    UserFactory.create(email="new@example.com")
    facts = {"provider": supplier.pk, "email": "new@example.com", "role": "owner"}
    assert browser.post(url(ProviderMember, "add"), facts).status_code == 422
    assert not ProviderMember.objects.exists()


def test_roles_change_and_the_last_owner_stays(browser, seller, owner, viewer):
    member = ProviderMember.objects.get(user=viewer)
    browser.post(url(member, "change"), form_of(browser, member, role="operator"))
    member.refresh_from_db()
    assert member.role == "operator"
    last = ProviderMember.objects.get(user=owner)
    page = browser.post(url(last, "change"), form_of(browser, last, role="viewer"))
    assert page.status_code == 422
    assert "Make somebody else an owner first." in page.content.decode()
    last.refresh_from_db()
    assert last.role == "owner"
    assert actions_on(seller) == ["member.changed"]


def test_a_member_is_removed_after_asking(browser, seller, owner, viewer):
    member = ProviderMember.objects.get(user=viewer)
    assert b"no longer acts" in browser.get(url(member, "remove")).content
    answer = browser.post(url(member, "remove"))
    assert answer.url == url(ProviderMember, "changelist")
    assert not ProviderMember.objects.filter(user=viewer).exists()
    last = ProviderMember.objects.get(user=owner)
    page = browser.post(url(last, "remove"))
    assert page.status_code == 422
    assert ProviderMember.objects.filter(user=owner).exists()
