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
    facts = {"name": name, "website_url": website_url, "data_source": data_source}
    provider = external_provider(domain=domain, lock=True, **facts)
    if provider.pk is None:
        return _create(provider, actor)
    changed = {f: text for f, text in facts.items() if text != ""}
    before = {f: getattr(provider, f) for f in changed}
    changed = {f: text for f, text in changed.items() if before[f] != text}
    if changed:
        for field, text in changed.items():
            setattr(provider, field, text)
        provider.full_clean()
        provider.save(update_fields=list(changed))
        before = {field: before[field] for field in changed}
        audit.record(actor, "provider.changed", provider, before=before, after=changed)
    return provider


def external_provider(
    *,
    domain: str,
    name: str = "",
    website_url: str = "",
    data_source: str = "",
    lock: bool = False,
) -> Provider:
    """The external provider of a domain as it stands, or an unsaved, valid new one.

    The lock leaves foreign keys alone: an order of the provider need not wait for it.
    """
    known = Provider.objects.all()
    if lock:
        known = known.select_for_update(no_key=True)
    found = known.filter(domain=domain.lower()).first()
    if found is None:
        if not name:
            raise ProviderUnknown
        found = Provider(
            kind=ProviderKind.EXTERNAL,
            domain=domain.lower(),
            pubkey=external_pubkey(domain.lower()),
            name=name,
            website_url=website_url or f"https://{domain.lower()}",
            data_source=data_source or DataSource.SCRAPER,
        )
        found.full_clean()
    if found.kind != ProviderKind.EXTERNAL:
        raise NotExternal
    return found


def _create(provider: Provider, actor: Actor) -> Provider:
    try:
        with transaction.atomic():
            provider.save(force_insert=True)
    except IntegrityError:
        return external_provider(domain=provider.domain, lock=True)
    after = {"domain": provider.domain, "name": provider.name}
    audit.record(actor, "provider.created", provider, after=after)
    return provider
