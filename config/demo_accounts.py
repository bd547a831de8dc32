"""The demo's people and their access keys; the first and the last of DEMO_LOADERS.

Source: 9-quality, section 1 (`demo`).
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.contrib.auth.models import Group, Permission
from django.db.models import Q

from config import demo_people
from config.demo_people import DemoPerson
from marketplace.models import ProviderMember, ProviderRole
from resellers import clock, keys
from resellers.actions import users
from resellers.actions.keys import issue_key, revoke_key
from resellers.models import AccessKey, PrincipalKind, User

LIVED = timedelta(days=740)
KEY_DAYS = 365
GROUPS_OF_ROLE: dict[str, tuple[str, ...]] = {
    "staff": (),
    "staff_viewer": ("Staff viewers", "Reseller viewers"),
    "staff_editor": ("Staff editors", "Reseller editors"),
    "finance": ("Staff viewers", "Finance"),
    "payout_approver": ("Staff viewers", "Reseller viewers"),
}
GROUP_RIGHTS = {
    "Staff viewers": ("view_",),
    "Staff editors": ("view_", "add_", "change_"),
}
PROFILE_MODELS = {"contactgroup", "rate", "referral", "reseller", "sale"}
"""Their rights are given by the groups of resellers alone."""
KEYED_ROLES = (
    "staff",
    "staff_viewer",
    "staff_editor",
    "finance",
    "provider",
    "provider_other",
    "buyer",
    "buyer_other",
)


def load_people(now: datetime) -> Mapping[str, Any]:
    """Make the people who sign in, as of long before the first deed."""
    with clock.at(now - LIVED):
        for person in demo_people.PEOPLE:
            if not User.objects.filter(email=person.email).exists():
                make(person)
    return {}


def make(person: DemoPerson) -> User:
    user = users.create_user(email=person.email, name=person.name, actor=None)
    password = demo_people.password_for(person.email)
    users.change_password(user, password=password, actor=None)
    EmailAddress.objects.create(
        user=user, email=person.email, verified=True, primary=True
    )
    if person.role in GROUPS_OF_ROLE:
        users.change_rights(
            user,
            is_active=True,
            is_staff=True,
            is_superuser=person.role == "staff",
            groups=[staff_group(name) for name in GROUPS_OF_ROLE[person.role]],
            reason="demo",
            actor=None,
        )
    return user


def staff_group(name: str) -> Group:
    """A group that migrations made, or one that may look at or edit all the rest."""
    group, made = Group.objects.get_or_create(name=name)
    if made:
        wanted = Q()
        for start in GROUP_RIGHTS[name]:
            wanted |= Q(codename__startswith=start)
        rooms = Q(content_type__app_label__in=["resellers", "marketplace"])
        rights = Permission.objects.filter(wanted & rooms)
        group.permissions.set(rights.exclude(content_type__model__in=PROFILE_MODELS))
    return group


def load_keys(now: datetime) -> Mapping[str, Any]:
    """Issue the keys that scripts try, one revoked and one expired among them."""
    accounts = {
        role: {"key": live_key(principal(role), f"live:{role}")} for role in KEYED_ROLES
    }
    spare = principal("provider_operator")
    return {
        "accounts": accounts,
        "revoked_key": revoked_key(spare),
        "expired_key": expired_key(spare, now),
    }


def principal(role: str) -> dict[str, Any]:
    """An owner's key is the provider's, anybody else's the person's own."""
    user = User.objects.get(email=demo_people.BY_ROLE[role].email)
    member = ProviderMember.objects.filter(user=user, role=ProviderRole.OWNER).first()
    if member is None:
        return {"principal_kind": PrincipalKind.USER, "user": user}
    return {
        "principal_kind": PrincipalKind.PROVIDER,
        "principal_ref": member.provider.pubkey,
    }


def key_text(purpose: str) -> str:
    secret = demo_people.key_secret_for(purpose)
    prefix = demo_people.key_secret_for(f"prefix:{purpose}")[: keys.PREFIX_LENGTH]
    return f"cs_{keys.environment()}_{prefix}_{secret}"


def live_key(who: dict[str, Any], purpose: str, days: int = KEY_DAYS) -> str:
    """Issue the key derived for this purpose, once; answers its text."""
    text = key_text(purpose)
    prefix, _ = keys.parts(text)
    if not AccessKey.objects.filter(prefix=prefix).exists():
        scopes = keys.known_scopes()[who["principal_kind"]]
        issue_key(**who, scopes=scopes, days=days, text=text, actor=None)
    return text


def revoked_key(who: dict[str, Any]) -> str:
    text = live_key(who, "revoked")
    key = AccessKey.objects.get(prefix=keys.parts(text)[0])
    revoke_key(key, reason="demo", actor=None)
    return text


def expired_key(who: dict[str, Any], now: datetime) -> str:
    with clock.at(now - timedelta(days=40)):
        return live_key(who, "expired", days=30)
