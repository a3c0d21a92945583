"""What a person may do, asked once a request: their own permissions and those of their roles."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db import connection

_PERMISSIONS = """
    SELECT t.app_label || '.' || p.codename
    FROM auth_permission p JOIN django_content_type t ON t.id = p.content_type_id
    WHERE p.id IN (
        SELECT permission_id FROM core_user_user_permissions WHERE user_id = %(user)s
        UNION ALL
        SELECT g.permission_id FROM core_user_groups m
        JOIN auth_group_permissions g ON g.group_id = m.group_id WHERE m.user_id = %(user)s
    )
"""


class RoleBackend(ModelBackend):
    """Django's own, with one plain statement where it composes two."""

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if user_obj.is_superuser:
            return super().get_all_permissions(user_obj, obj)
        cached: set[str] | None = user_obj.__dict__.get("_perm_cache")
        if cached is None:
            with connection.cursor() as cursor:
                cursor.execute(_PERMISSIONS, {"user": user_obj.pk})
                cached = user_obj._perm_cache = {row[0] for row in cursor.fetchall()}
        return cached
