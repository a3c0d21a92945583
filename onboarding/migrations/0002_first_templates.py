"""The templates a bank starts with: private person and limited company, version 1."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.db import migrations

SEED = Path(__file__).resolve().parent.parent / "seed"
FROM = datetime(2020, 1, 1, tzinfo=UTC)
NAMES = {
    "private_person": {"en": "Private person", "da": "Privatperson"},
    "limited_company": {"en": "Limited company", "da": "Kapitalselskab"},
}


def add_templates(apps: Any, schema_editor: Any) -> None:
    template = apps.get_model("onboarding", "ApplicationTemplate")
    for kind, name in NAMES.items():
        data = json.loads((SEED / f"{kind}_1.json").read_text(encoding="utf-8"))
        template.objects.get_or_create(
            kind=kind,
            number=1,
            defaults={
                "name": name,
                "data": data,
                "valid_from": date(2020, 1, 1),
                "created_at": FROM,
                "updated_at": FROM,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0001_baseline")]

    operations = [migrations.RunPython(add_templates, migrations.RunPython.noop)]
