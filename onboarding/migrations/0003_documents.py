"""Templates may ask for documents; the shipped ones do, without insisting, from version 2."""

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from django.db import migrations, models

SEED = Path(__file__).resolve().parent.parent / "seed"
FROM = datetime(2020, 1, 1, tzinfo=UTC)
NAMES = {
    "private_person": {"en": "Private person", "da": "Privatperson"},
    "limited_company": {"en": "Limited company", "da": "Kapitalselskab"},
}


def add_templates(apps: Any, schema_editor: Any) -> None:
    template = apps.get_model("onboarding", "ApplicationTemplate")
    for kind, name in NAMES.items():
        data = json.loads((SEED / f"{kind}_2.json").read_text(encoding="utf-8"))
        template.objects.get_or_create(
            kind=kind,
            number=2,
            defaults={
                "name": name,
                "data": data,
                "valid_from": date(2020, 1, 1),
                "created_at": FROM,
                "updated_at": FROM,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("onboarding", "0002_first_templates")]

    operations = [
        migrations.AlterField(
            model_name="applicationtask",
            name="kind",
            field=models.CharField(
                choices=[
                    ("answers", "Answers by the customer"),
                    ("document", "Document from the customer"),
                    ("check", "Check by the officer"),
                ],
                max_length=8,
                verbose_name="kind",
            ),
        ),
        migrations.RunPython(add_templates, migrations.RunPython.noop),
    ]
