"""A big catalogue, the same in every run: made by one statement on PostgreSQL."""

from dataclasses import dataclass

from django.db import connection

from marketplace.models import Offering, Provider
from tests.factories.marketplace import (
    ExternalProviderFactory,
    ProviderFactory,
    RelationshipFactory,
)

SUPPLIERS = ["Hetzner", "Contabo", "OVH"]
SELLERS = 20
PRICES = 200
INSERT = """
INSERT INTO marketplace_offering (
    provider_id, code, offer_name, description, product_page_url,
    external_checkout_url, currency, monthly_price_e9s, setup_fee_e9s, visibility,
    stock_status, product_type, virtualization_type, billing_interval, processor_cores,
    memory_mb, storage_gb, uplink_mbps, unmetered_bandwidth, datacenter_country,
    datacenter_city, specs, status, retired_at, retired_by, price_source,
    price_checked_at, search_text, list_price_e9s, created_at
)
SELECT
    (%(providers)s::bigint[])[1 + n %% 3],
    'sku-' || n,
    'Cloud M' || model || ' - ' || city,
    'Cloud server number ' || n || ' in ' || city,
    'https://supplier.example.com/cloud', '',
    CASE WHEN n %% 50 = 0 THEN 'EUR' ELSE 'USD' END,
    price, 0,
    CASE WHEN n %% 101 = 0 THEN 'limited' ELSE 'public' END,
    CASE WHEN n %% 103 = 0 THEN 'out_of_stock' ELSE 'in_stock' END,
    CASE WHEN n %% 4 = 0 THEN 'dedicated' ELSE 'compute' END,
    'kvm', 'monthly',
    1 << (n %% 6)::int, 1024 << (n %% 7)::int, 20 * (1 + n %% 40), 1000, true,
    country, city,
    jsonb_build_object('features', 'IPv4,IPv6,Snapshots', 'processor_cores', '4'),
    CASE WHEN n %% 97 = 0 THEN 'retired' ELSE 'available' END,
    CASE WHEN n %% 97 = 0 THEN now() END,
    CASE WHEN n %% 97 = 0 THEN 'import' ELSE '' END,
    'import:big.csv', now(),
    'cloud m' || model || ' ' || lower(city) || ' sku ' || n || ' '
        || (ARRAY['hetzner', 'contabo', 'ovh'])[1 + n %% 3]
        || CASE WHEN n = 7 THEN ' solo' ELSE '' END
        || CASE WHEN n IN (11, 5003, 9001) THEN ' trio' ELSE '' END
        || CASE WHEN chance %% (%(count)s / 1000) = 1 THEN ' mille' ELSE '' END,
    price, now()
FROM (
    SELECT n, model, chance,
        370000000 * (1 + (model + chance %% 3) %% %(prices)s) AS price,
        (ARRAY['DE','FI','US','SG','FR','GB','PL','CA','AU','JP','NL','IE'])
            [1 + chance / 7 %% 12] AS country,
        (ARRAY['Nuremberg','Falkenstein','Helsinki','Ashburn','Hillsboro','Singapore',
            'Gravelines','London','Warsaw','Sydney','Tokyo'])
            [1 + chance / 5 %% 11] AS city
    FROM (
        SELECT n, ('x' || substr(md5('model' || n), 1, 7))::bit(28)::int %% 1000 AS model,
            ('x' || substr(md5('chance' || n), 1, 7))::bit(28)::bigint AS chance
        FROM generate_series(1::bigint, %(count)s) AS n
    ) AS numbers
) AS made
"""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The suppliers of the offerings; each is resold by some of the 20 sellers."""

    count: int
    suppliers: list[Provider]


def build(count: int) -> Catalogue:
    suppliers = [ExternalProviderFactory.create(name=name) for name in SUPPLIERS]
    for n in range(SELLERS):
        seller = ProviderFactory.create()
        for supplier in suppliers[: 1 + n % 3]:
            RelationshipFactory.create(
                reseller=seller, external_provider=supplier, commission_percent=5 + n
            )
    with connection.cursor() as cursor:
        providers = [supplier.pk for supplier in suppliers]
        cursor.execute(
            INSERT, {"providers": providers, "count": count, "prices": PRICES}
        )
    assert Offering.objects.count() == count
    return Catalogue(count, suppliers)


def settle() -> None:
    """What autovacuum does in time: statistics, and pages known to be visible."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE) marketplace_offering")
        cursor.execute("ANALYZE")
