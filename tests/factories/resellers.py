"""The plainest valid rows of the trunk."""

import datetime
import hashlib
from typing import Any

import factory
from factory.django import DjangoModelFactory

from resellers.models import AccessKey, Account, AuditEntry, Job, LedgerEntry, User

PASSWORD = "correct horse battery staple"
AT = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC)


class UserFactory(DjangoModelFactory[User]):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    name = factory.Sequence(lambda n: f"Person {n}")

    @classmethod
    def _create(cls, model_class: type[User], *args: Any, **kwargs: Any) -> User:
        return model_class.objects.create_user(
            *args, **{"password": PASSWORD, **kwargs}
        )


class StaffFactory(UserFactory):
    is_staff = True


class SuperuserFactory(StaffFactory):
    is_superuser = True


class AccountFactory(DjangoModelFactory[Account]):
    class Meta:
        model = Account

    kind = "provider"
    owner_ref = factory.Sequence(lambda n: f"{n:064x}")
    code = factory.Sequence(lambda n: f"PR-{n:012x}")
    name = factory.Sequence(lambda n: f"Provider {n}")
    hold_days = 7


class AccessKeyFactory(DjangoModelFactory[AccessKey]):
    """A provider's key whose secret nobody knows; `keys.issue` gives one with text."""

    class Meta:
        model = AccessKey

    principal_kind = "provider"
    principal_ref = factory.Sequence(lambda n: f"{n:064x}")
    slot = 1
    prefix = factory.Sequence(lambda n: f"{n:08d}")
    secret_sha256 = "0" * 64
    expires_at = datetime.datetime(2100, 1, 1, tzinfo=datetime.UTC)


class LedgerEntryFactory(DjangoModelFactory[LedgerEntry]):
    """An earning of 10.00 USD as a row; what posting does is in `ledger.post`."""

    class Meta:
        model = LedgerEntry

    account = factory.SubFactory(AccountFactory)
    currency = "USD"
    amount_minor = 1000
    kind = "earning"
    component = "commission"
    status = "pending"
    available_at = AT + datetime.timedelta(days=7)
    occurred_at = AT
    source = "marketplace.order"
    source_ref = factory.Sequence(lambda n: f"order-{n}")
    key = factory.Sequence(lambda n: f"mkt:order-{n}:1:commission")
    fingerprint = factory.LazyAttribute(
        lambda row: hashlib.sha256(row.key.encode()).hexdigest()
    )


class AuditEntryFactory(DjangoModelFactory[AuditEntry]):
    class Meta:
        model = AuditEntry

    actor_label = "system"
    action = "order.fulfilled"
    object_type = "marketplace.order"
    object_ref = factory.Sequence(str)


class JobFactory(DjangoModelFactory[Job]):
    class Meta:
        model = Job

    kind = "mail"
    key = factory.Sequence(lambda n: f"mail:order_placed:{n}:1")
