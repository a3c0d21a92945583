from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class CoreConfig(AppConfig):
    name = "clm.core"
    label = "core"

    def ready(self) -> None:
        from clm.core import setup, verification  # noqa: F401 (a kind of job)
        from clm.core.identity import checks  # noqa: F401

        post_migrate.connect(setup.after_migrate, dispatch_uid="clm.core.setup")
        self._register_panels()

    def _register_panels(self) -> None:
        from clm.core import registries
        from clm.core.web import administration

        registries.panels.register(
            registries.Panel(
                name="core.administration",
                title=_("Administration"),
                place="home",
                template="core/_administration.html",
                context=administration.home,
                permission="core.change_user",
                order=5,
                zone="top",
            )
        )
