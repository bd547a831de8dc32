"""Importing a folder of catalogue files: all of it, or nothing of it."""

from datetime import datetime

from django.db import transaction

from marketplace.actions.catalogue_import import (
    ImportReport,
    Supplier,
    import_catalogue,
)
from marketplace.catalogue.folder import FiledProvider, read_providers
from marketplace.errors.catalogue import PubkeyMismatch
from marketplace.models import external_pubkey
from resellers.models import Actor


@transaction.atomic
def import_folder(
    files: dict[str, bytes],
    *,
    checked_at: datetime | None = None,
    dry_run: bool = False,
    accept_large_changes: bool = False,
    actor: Actor,
) -> list[ImportReport]:
    """Import each provider's file of a folder, given the bytes by file name.

    One transaction around the imports: a file that is refused as a whole refuses the
    folder. Row errors do not; the good rows of every file apply.
    """
    filed = read_providers(files)
    for provider in filed:
        if provider.pubkey_hex != external_pubkey(provider.domain):
            raise PubkeyMismatch(f"{provider.name}: {PubkeyMismatch.sentence}")
    return [
        import_catalogue(
            files[provider.file],
            file=provider.file,
            supplier=supplier_of(provider),
            checked_at=checked_at,
            dry_run=dry_run,
            accept_large_changes=accept_large_changes,
            actor=actor,
        )
        for provider in filed
    ]


def supplier_of(provider: FiledProvider) -> Supplier:
    return Supplier(
        domain=provider.domain,
        name=provider.name,
        website_url=provider.website_url,
        data_source=provider.data_source,
    )
