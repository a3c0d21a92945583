"""Why a list is held back is kept as what it was said from; a sentence of before as it is."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("kyc", "0012_register_kinds"),
    ]

    operations = [
        migrations.AddField(
            model_name="watchlistversion",
            name="doubts",
            field=models.JSONField(
                blank=True, default=list, editable=False, verbose_name="held back because"
            ),
        ),
        migrations.RunSQL(
            """
            UPDATE kyc_watchlistversion
            SET doubts = jsonb_build_array(jsonb_build_object('say', held_because, 'with', '{}'::jsonb))
            WHERE held_because <> ''
            """,
            migrations.RunSQL.noop,
        ),
        migrations.RemoveField(model_name="watchlistversion", name="held_because"),
    ]
