from django.apps import AppConfig


class ProjectConfig(AppConfig):
    """The project itself as an app: it owns the commands and joins the rooms."""

    name = "clm"
    label = "clm"

    def ready(self) -> None:
        # Imported here since both need every app's models.
        from clm import celery
        from clm.core import events
        from clm.reactions import REACTIONS

        celery.app.set_default()
        events.subscribe(REACTIONS)
