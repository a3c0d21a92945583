from datetime import UTC, datetime
from typing import Any

from django.db import migrations

from kyc.seed import FACTORS, LEVELS


def forwards(apps: Any, schema_editor: Any) -> None:
    apps.get_model("kyc", "RiskModel").objects.get_or_create(
        number=1,
        defaults={
            "factors": FACTORS,
            "levels": LEVELS,
            "in_force": True,
            "created_at": datetime(2026, 1, 1, tzinfo=UTC),
        },
    )


class Migration(migrations.Migration):
    dependencies = [("kyc", "0001_baseline")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop)]
