"""What a person may do, asked once a request: their own permissions and those of their roles."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.db import connection

from clm.core.models import User

_ROLES_AND_PERMISSIONS = """
    WITH role AS (
        SELECT g.id, g.name FROM core_user_groups m
        JOIN auth_group g ON g.id = m.group_id WHERE m.user_id = %(user)s
    )
    SELECT true, name FROM role
    UNION ALL
    SELECT false, t.app_label || '.' || p.codename
    FROM auth_permission p JOIN django_content_type t ON t.id = p.content_type_id
    WHERE p.id IN (
        SELECT permission_id FROM core_user_user_permissions WHERE user_id = %(user)s
        UNION ALL
        SELECT permission_id FROM auth_group_permissions WHERE group_id IN (SELECT id FROM role)
    )
"""


class RoleBackend(ModelBackend):
    """Django's own, with one plain statement where it composes several."""

    def get_user(self, user_id: Any) -> User | None:
        """The person signed in, with the branch that every page names."""
        user = User.objects.select_related("branch").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if user_obj.is_superuser:
            return super().get_all_permissions(user_obj, obj)
        cached: set[str] | None = user_obj.__dict__.get("_perm_cache")
        if cached is None:
            with connection.cursor() as cursor:
                cursor.execute(_ROLES_AND_PERMISSIONS, {"user": user_obj.pk})
                rows = cursor.fetchall()
            cached = user_obj._perm_cache = {name for is_role, name in rows if not is_role}
            # How far somebody sees follows from the roles; see `actors.reach`.
            user_obj._roles = [name for is_role, name in rows if is_role]
        return cached
