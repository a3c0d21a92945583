"""`manage.py compile_catalogues`: translations, without the gettext tools."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from clm import catalogues


class Command(BaseCommand):
    """Compile every `.po` that is newer than its `.mo`."""

    help = "Compiles the translations with Babel; quick when nothing changed."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            done = catalogues.compile_stale(root=Path(settings.BASE_DIR))
        except catalogues.CatalogueError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"{done} catalogues compiled.")
