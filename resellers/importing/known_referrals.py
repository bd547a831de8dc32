"""The referrals, resellers and rates that a file of referrals is about."""

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from resellers.commission import BasisPoints
from resellers.importing.headers import Row
from resellers.importing.loading import in_chunks, uuid_of
from resellers.models import Referral, Reseller
from resellers.rates import rates_of_customers


class Known:
    """Loaded once for all rows: a few queries for each 500 of them."""

    def __init__(self, rows: list[Row], at: datetime) -> None:
        self.by_id: dict[UUID, Referral] = {}
        self.of_customer: defaultdict[str, list[Referral]] = defaultdict(list)
        self._load(rows)
        self._resellers: dict[tuple[str, str], Reseller] = {}
        self._load_resellers(rows)
        self._rates = {
            pk: rate
            for some in in_chunks([*self.by_id])
            for pk, rate in rates_of_customers(some, at).items()
        }

    def referral(self, row: Row) -> Referral | None:
        """The referral with the row's id, else the customer's open one."""
        id_ = uuid_of(row.text("id"))
        if id_ in self.by_id:
            return self.by_id[id_]
        theirs = self.of_customer[ref_of(row)]
        return next((each for each in theirs if each.ended_at is None), None)

    def overlapping(self, customer_ref: str, start: datetime) -> Referral | None:
        """A referral of the customer that has not ended before this time."""
        theirs = self.of_customer[customer_ref]
        over = [each for each in theirs if not each.ended_at or each.ended_at > start]
        return max(over, key=lambda each: each.referred_at, default=None)

    def reseller(self, name: str, text: str) -> Reseller | None:
        return self._resellers.get((name, _folded(name, text)))

    def own_rate(self, referral: Referral) -> BasisPoints | None:
        return self._rates.get(referral.pk)

    def _load(self, rows: list[Row]) -> None:
        referrals = Referral.objects.select_related("reseller__user")
        ids = {id_ for row in rows if (id_ := uuid_of(row.text("id")))}
        for some in in_chunks(ids):
            self.by_id |= {each.pk: each for each in referrals.filter(pk__in=some)}
        for refs in in_chunks({ref_of(row) for row in rows} - {""}):
            for each in referrals.filter(customer_ref__in=refs):
                self.by_id[each.pk] = each
                self.of_customer[each.customer_ref].append(each)

    def _load_resellers(self, rows: list[Row]) -> None:
        columns = {
            "reseller_id": "pk",
            "reseller_code": "code",
            "reseller_email": "user__email",
        }
        for name, column in columns.items():
            wanted = {_folded(name, row.text(name)) for row in rows} - {""}
            resellers = Reseller.objects.select_related("user")
            for some in in_chunks(wanted):
                for each in resellers.filter(**{f"{column}__in": some}):
                    value = each.email if name == "reseller_email" else each.code
                    key = str(each.pk) if name == "reseller_id" else value
                    self._resellers[name, key] = each


def ref_of(row: Row) -> str:
    return row.text("customer_ref").strip()


def _folded(name: str, text: str) -> str:
    """The text as the column keeps it; "" where it cannot be one."""
    bare = text.strip()
    if name == "reseller_id":
        return str(uuid_of(bare) or "")
    return bare.upper() if name == "reseller_code" else bare.lower()
