"""The profiles, people, rates and groups that a file of resellers is about."""

from datetime import datetime
from uuid import UUID

from resellers.commission import BasisPoints
from resellers.importing.headers import Row
from resellers.importing.loading import in_chunks, uuid_of
from resellers.models import ContactGroup, RateScope, Reseller, User
from resellers.rates import rates_of


class Known:
    """Loaded once for all rows: three queries for each 500 of them."""

    def __init__(self, rows: list[Row], at: datetime) -> None:
        self.by_id: dict[UUID, Reseller] = {}
        self.by_email: dict[str, Reseller] = {}
        self.people: dict[str, User] = {}
        self._load({id_ for row in rows if (id_ := uuid_of(row.text("id")))}, rows)
        self.groups = {each.slug: each for each in ContactGroup.objects.all()}
        profiles = {each.pk: each for each in self.by_email.values()} | self.by_id
        self._rates = _own_rates(list(profiles.values()), at)

    def profile(self, row: Row) -> Reseller | None:
        """The profile with the row's id, else that with its e-mail address."""
        id_ = uuid_of(row.text("id"))
        by_id = self.by_id.get(id_) if id_ else None
        return by_id or self.by_email.get(email_of(row))

    def own_rate(self, profile: Reseller) -> BasisPoints | None:
        return self._rates.get(profile.pk)

    def _load(self, ids: set[UUID], rows: list[Row]) -> None:
        profiles = Reseller.objects.select_related("user", "contact_group")
        for some in in_chunks(ids):
            self.by_id |= {each.pk: each for each in profiles.filter(pk__in=some)}
        for emails in in_chunks({email_of(row) for row in rows} - {""}):
            found = profiles.filter(user__email__in=emails)
            self.by_email |= {each.user.email: each for each in found}
            people = User.objects.filter(email__in=emails)
            self.people |= {each.email: each for each in people}


def email_of(row: Row) -> str:
    return row.text("email").strip().lower()


def _own_rates(profiles: list[Reseller], at: datetime) -> dict[UUID, BasisPoints]:
    return {
        pk: effective.rate
        for some in in_chunks(profiles)
        for pk, effective in rates_of(some, at).items()
        if effective.scope == RateScope.RESELLER
    }
