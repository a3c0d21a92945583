from typing import Any

from django.apps import AppConfig
from django.conf import settings
from django.db import connection
from django.db.models.signals import post_migrate
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class CustomersConfig(AppConfig):
    name = "customers"
    verbose_name = _("Customers")

    def ready(self) -> None:
        from customers import registrations

        registrations.register()
        post_migrate.connect(load_shipped, sender=self, dispatch_uid="customers.shipped")


def load_shipped(sender: Any, **kwargs: Any) -> None:
    """After every migration: the shipped law sets and wordings that are not there yet."""
    from customers import services
    from customers.models import ConsentWording, LawSet

    # Migrating back to before the table is allowed as well.
    if not settings.CLM_AS_OWNER:
        return
    tables = connection.introspection.table_names()
    if LawSet._meta.db_table in tables:
        services.load_laws(at=timezone.now())
    if ConsentWording._meta.db_table in tables:
        services.load_wordings(at=timezone.now())
