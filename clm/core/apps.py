from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CoreConfig(AppConfig):
    name = "clm.core"
    label = "core"

    def ready(self) -> None:
        from clm.core import setup, verification  # noqa: F401 (a kind of job)

        post_migrate.connect(setup.after_migrate, dispatch_uid="clm.core.setup")
