"""What every migration ends with: grants for the application role, permissions, roles."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection

from clm.core import lifecycle
from clm.core.actors import CUSTOMER_USERNAME, SYSTEM_USERNAME
from clm.core.models import User

# Tables that the application may add to and read, and nothing else.
APPEND_ONLY = (
    "core_event", "core_accesslog", "core_seal", "core_sealleaf", "kyc_suspicionentry",
)  # fmt: skip


def after_migrate(sender: Any, **kwargs: Any) -> None:
    """Runs once per app after `migrate`; does its work when the last app is done."""
    last = list(apps.get_app_configs())[-1]
    if sender.label != last.label or (not kwargs.get("plan", True) and not settings.CLM_AS_OWNER):
        return
    if not settings.CLM_AS_OWNER:
        return
    # The API's views are imported only where they are needed: here, once.
    from clm.core.api.scopes import sync_scopes

    sync_permissions()
    sync_roles()
    sync_scopes()
    grant()


def grant() -> None:
    """Give the application role its rights on every table; it owns none."""
    role = connection.ops.quote_name(settings.CLM_APP_ROLE)
    with connection.cursor() as cursor:
        cursor.execute(f"GRANT USAGE ON SCHEMA public TO {role}")
        cursor.execute(
            f"GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO {role}"
        )
        cursor.execute(f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role}")
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND ("
            " relname = ANY(%s) OR relname ~ '^core_(event|accesslog)_(p|default)'"
            " OR relname LIKE '%%\\_history')",
            [list(APPEND_ONLY)],
        )
        for (table,) in cursor.fetchall():
            name = connection.ops.quote_name(table)
            cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON {name} FROM {role}")
        cursor.execute(f"GRANT EXECUTE ON FUNCTION clm_erase_details(uuid) TO {role}")
        # The words of an event go by the owner's erasure function only.
        cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON core_eventdetail FROM {role}")


def sync_permissions() -> None:
    """A permission row for each one that a transition names."""
    for machine in lifecycle.machines():
        content_type = ContentType.objects.get_for_model(machine.model)
        for steps in machine.transitions().values():
            for step in steps:
                if not step.permission:
                    continue
                codename = str(step.permission).split(".", 1)[1]
                Permission.objects.get_or_create(
                    codename=codename,
                    content_type=content_type,
                    defaults={"name": str(step.custom.get("label", codename))},
                )


def sync_roles() -> None:
    """A group for each role with exactly its permissions, and the users who are nobody of the bank."""
    known = {
        f"{one.content_type.app_label}.{one.codename}": one
        for one in Permission.objects.select_related("content_type")
    }
    for name, role in settings.CLM_ROLES.items():
        group, _made = Group.objects.get_or_create(name=name)
        group.permissions.set([known[one] for one in role.permissions if one in known])
    for username, name in ((SYSTEM_USERNAME, "System"), (CUSTOMER_USERNAME, "The customer")):
        User.objects.get_or_create(
            username=username,
            defaults={"first_name": name, "is_robot": True, "password": "!", "language": "en"},
        )
