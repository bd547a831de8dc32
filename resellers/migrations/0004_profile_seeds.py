"""The contact groups of document 2, and the groups of rights of 5-resellers, section 9.

Rights come into being after a migration; here they are made before, so that the groups
hold them from the first day.
"""

from typing import Any

from django.apps.registry import apps as installed
from django.contrib.auth.management import create_permissions
from django.db import migrations

CONTACT_GROUPS = [
    (
        "event_registrants",
        "Event Registrants",
        "From conferences, webinars and other events",
        "event_name event_date booth_number contact_at_event",
    ),
    (
        "info_seekers",
        "Info Seekers",
        "Asked for information; maybe leads",
        "inquiry_topic follow_up_date interests lead_source",
    ),
    (
        "pennies_peace_of_mind",
        "Pennies Peace of Mind",
        "Premium or special partners",
        "membership_level renewal_date referral_commission_tier vip_status",
    ),
]

VIEWED = ["reseller", "referral", "rate", "sale", "contactgroup"]
TRAIL = ["account", "ledgerentry", "auditentry"]
VIEWER = [f"view_{model}" for model in [*VIEWED, *TRAIL]]
EDITOR = [
    *VIEWER,
    *(
        f"{verb}_{model}"
        for verb in ("add", "change")
        for model in ("reseller", "referral", "contactgroup")
    ),
    "import_reseller",
    "export_reseller",
]
FINANCE = [*EDITOR, "finance_reseller", "add_rate", "add_sale", "change_sale"]
GROUPS = {
    "Reseller viewers": VIEWER,
    "Reseller editors": EDITOR,
    "Finance": FINANCE,
}


def plant(apps: Any, editor: Any) -> None:
    using = editor.connection.alias
    group = apps.get_model("resellers", "ContactGroup")
    for place, (slug, name, description, keys) in enumerate(CONTACT_GROUPS, 1):
        group.objects.using(using).get_or_create(
            slug=slug,
            defaults={
                "name": name,
                "description": description,
                "position": place * 10,
                "suggested_keys": keys.split(),
            },
        )
    create_permissions(installed.get_app_config("resellers"), verbosity=0, using=using)
    rights = apps.get_model("auth", "Permission").objects.using(using)
    groups = apps.get_model("auth", "Group").objects.using(using)
    for name, codenames in GROUPS.items():
        made, _ = groups.get_or_create(name=name)
        made.permissions.set(
            rights.filter(content_type__app_label="resellers", codename__in=codenames)
        )


class Migration(migrations.Migration):
    dependencies = [
        ("resellers", "0003_profile_search"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(plant, migrations.RunPython.noop)]
