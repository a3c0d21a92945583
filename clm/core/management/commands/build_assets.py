"""`manage.py build_assets`: install and lay out the front-end files."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from clm.core.web import assets


class Command(BaseCommand):
    """Install the locked front-end packages and build what pages ask for; quick when unchanged."""

    help = "Installs the locked front-end packages and builds the files that pages ask for."
    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        project = Path(settings.BASE_DIR)
        target = Path(getattr(settings, "CLM_ASSETS_DIR", project / "build" / "static"))
        target.parent.mkdir(parents=True, exist_ok=True)
        try:
            changed = assets.build(
                project=project,
                target=target,
                roots=list(_source_roots(project)),
                say=self.stderr.write,
            )
        except assets.AssetsError as error:
            raise CommandError(str(error)) from error
        self.stdout.write("Front-end files built." if changed else "Front-end files are current.")


def _source_roots(project: Path) -> list[Path]:
    """The folders of this project that may name an icon."""
    apps = [p for p in project.iterdir() if (p / "__init__.py").is_file() and p.name != "tests"]
    return sorted([*apps, project / "templates"])
