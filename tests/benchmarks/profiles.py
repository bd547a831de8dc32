"""Many profiles with customers and sales, the same in every run, by few statements.

Each row is a plain one of the factories with its own facts laid over it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection

from resellers.models import ContactGroup, Referral, Reseller, Sale
from resellers.pg import guards_lifted
from tests.factories.profiles import (
    LONG_AGO,
    ReferralFactory,
    ResellerFactory,
    SaleFactory,
)
from tests.factories.resellers import AT

RARE, RARE_EVERY = "Platinum", 5_000
PAID_MINOR = 6_500
TABLES = "resellers_user, resellers_account"

LAID_OVER = """
INSERT INTO {table}
SELECT made.* FROM (SELECT to_jsonb(one) AS one FROM {table} AS one
    WHERE id = %(plain)s) AS plain, generate_series(1, %(count)s) AS n,
    LATERAL jsonb_populate_record(
        NULL::{table}, one || jsonb_build_object({facts})) AS made
"""
FACTS = {
    "resellers_user": """
        'id', md5('user' || n), 'email', 'person' || n || '@bench.example.com'
    """,
    "resellers_account": """
        'id', md5('account' || n), 'code', 'RS-Z' || lpad(upper(to_hex(n)), 5, '0'),
        'owner_ref', md5('reseller' || n)
    """,
    "resellers": """
        'id', md5('reseller' || n), 'user_id', md5('user' || n),
        'account_id', md5('account' || n), 'code', 'RS-Z' || lpad(upper(to_hex(n)), 5, '0'),
        'first_name', 'Avery', 'last_name', 'Quill ' || mod(n, 7919),
        'organization', CASE WHEN mod(n, 3) > 0 THEN 'Quill Events ' || mod(n, 997) ELSE '' END,
        'city', (ARRAY['Exampleton', 'Sampleford', 'Mockingham'])[1 + mod(n, 3)],
        'state', (ARRAY['FL', 'TX', 'GA'])[1 + mod(n, 3)], 'country', 'US',
        'phone', '727-555-' || lpad((mod(n, 10000))::text, 4, '0'),
        'contact_group_id', (%(groups)s::bigint[])[1 + mod(n, 4)],
        'status', (ARRAY['active', 'active', 'active', 'inactive'])[1 + mod(n, 4)],
        'search_text', 'avery quill ' || mod(n, 7919) || ' person' || n
            || '@bench.example.com rs-z' || lpad(to_hex(n), 5, '0'),
        'search_digits', '727555' || lpad((mod(n, 10000))::text, 4, '0'),
        'created_at', timestamptz '2026-01-01T00:00Z' - n * interval '7 minutes',
        'extended_values', jsonb_build_array(
            jsonb_build_object('key', 'membership_level', 'value',
                CASE WHEN mod(n, %(rare_every)s) = 0 THEN 'Platinum'
                    ELSE (ARRAY['Bronze', 'Silver', 'Gold'])[1 + mod(n, 3)] END),
            jsonb_build_object('key', 'booth_number', 'value', 'B-' || mod(n, 5003)),
            jsonb_build_object('key', 'lead_source', 'value', 'Website Form'),
            jsonb_build_object('key', 'renewal_date', 'value',
                (date '2026-01-01' + mod(n, 700))::text))
    """,
    "resellers_referral": """
        'id', md5('referral' || n), 'customer_ref', 'C-' || n,
        'reseller_id', md5('reseller' || 1 + mod(n, %(resellers)s))
    """,
    "resellers_sale": """
        'id', md5('sale' || n), 'event_key', 'inv-' || n || ':1',
        'fingerprint', md5('a' || n) || md5('b' || n), 'customer_ref', 'C-' || n,
        'referral_id', md5('referral' || n)
    """,
}


def build(count: int, *, referrals_each: int) -> None:
    """Every profile has as many customers, each of whom paid 65.00 USD once."""
    plain = ResellerFactory.create()
    groups = list(ContactGroup.objects.order_by("pk").values_list("pk", flat=True))
    values: dict[str, Any] = {
        "groups": [*groups, None],
        "rare_every": RARE_EVERY,
        "resellers": count,
    }
    lay("resellers_user", count, plain.user.pk, values)
    lay("resellers_account", count, plain.account.pk, values)
    lay("resellers", count, plain.pk, values)
    assert Reseller.objects.count() == 1 + count
    referrals = count * referrals_each
    if referrals:
        referral = ReferralFactory.create(reseller=plain)
        sale = SaleFactory.create(
            customer_ref=referral.customer_ref,
            referral=referral,
            outcome="earned",
            amount_minor=PAID_MINOR,
            rate_bp=1_550,
            rate_scope="programme",
            rate_since=LONG_AGO,
            commission_minor=1_008,
            posted_at=AT,
        )
        lay("resellers_referral", referrals, referral.pk, values)
        lay("resellers_sale", referrals, sale.pk, values)
        assert Referral.objects.count() == Sale.objects.count() == 1 + referrals
    settle()


def lay(table: str, count: int, plain: Any, values: dict[str, Any]) -> None:
    statement = LAID_OVER.format(table=table, facts=FACTS[table])
    with connection.cursor() as cursor:
        cursor.execute(statement, {**values, "count": count, "plain": plain})


def settle() -> None:
    """What autovacuum does in time: statistics, and pages known to be visible."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")


@contextmanager
def built(count: int, *, referrals_each: int) -> Iterator[None]:
    """The rows inside the block, and nothing of them after it."""
    try:
        build(count, referrals_each=referrals_each)
        yield
    finally:
        with guards_lifted(), connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {TABLES} CASCADE")
