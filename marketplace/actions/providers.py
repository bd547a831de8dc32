"""Companies on the marketplace."""

from django.db import IntegrityError, transaction

from marketplace.errors import NotExternal
from marketplace.errors.catalogue import ProviderUnknown
from marketplace.models import Provider, ProviderKind, external_pubkey
from marketplace.models.provider import DataSource
from resellers import audit
from resellers.models import Actor


@transaction.atomic
def ensure_external_provider(
    *,
    domain: str,
    name: str = "",
    website_url: str = "",
    data_source: str = "",
    actor: Actor,
) -> Provider:
    """Find the external provider of a domain, or make it; blank facts change nothing.

    Its public key is the hash of its domain; its row stays locked until the commit.
    Raises NotExternal when an onboarded provider has the domain, ProviderUnknown when a
    new one has no name, ValidationError.
    """
    facts = told(name=name, website_url=website_url, data_source=data_source)
    known = _known(domain, lock=True)
    before = {field: getattr(known, field) for field in facts} if known else {}
    provider = _described(known, domain, facts)
    if known is None:
        return _create(provider, actor)
    changed = {f: text for f, text in facts.items() if before[f] != text}
    if changed:
        provider.save(update_fields=list(changed))
        before = {field: before[field] for field in changed}
        audit.record(actor, "provider.changed", provider, before=before, after=changed)
    return provider


def external_provider(
    *, domain: str, name: str = "", website_url: str = "", data_source: str = ""
) -> Provider:
    """The same provider as `ensure_external_provider` would leave it; not written."""
    facts = told(name=name, website_url=website_url, data_source=data_source)
    return _described(_known(domain), domain, facts)


def told(**facts: str) -> dict[str, str]:
    """What was said; blank facts change nothing."""
    return {field: text for field, text in facts.items() if text}


def _known(domain: str, *, lock: bool = False) -> Provider | None:
    """The provider of a domain as it stands.

    The lock leaves foreign keys alone: an order of the provider need not wait for it.
    """
    providers = Provider.objects.all()
    if lock:
        providers = providers.select_for_update(no_key=True)
    return providers.filter(domain=domain.lower()).first()


def _described(known: Provider | None, domain: str, facts: dict[str, str]) -> Provider:
    """The provider with the facts, valid and unsaved; a new one where none is known."""
    if known is None:
        provider = _new(domain.lower(), facts)
    else:
        provider = known
        for field, text in facts.items():
            setattr(provider, field, text)
    if provider.kind != ProviderKind.EXTERNAL:
        raise NotExternal
    if facts:
        provider.full_clean()
    return provider


def _new(domain: str, facts: dict[str, str]) -> Provider:
    if "name" not in facts:
        raise ProviderUnknown
    usual = {"website_url": f"https://{domain}", "data_source": DataSource.SCRAPER}
    return Provider(
        kind=ProviderKind.EXTERNAL,
        domain=domain,
        pubkey=external_pubkey(domain),
        **(usual | facts),
    )


def _create(provider: Provider, actor: Actor) -> Provider:
    try:
        with transaction.atomic():
            provider.save(force_insert=True)
    except IntegrityError:
        return _described(_known(provider.domain, lock=True), provider.domain, {})
    after = {"domain": provider.domain, "name": provider.name}
    audit.record(actor, "provider.created", provider, after=after)
    return provider
