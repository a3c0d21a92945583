import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import clm.core.ids


class Migration(migrations.Migration):
    dependencies = [
        ("kyc", "0007_suspicion_reports"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CaseTeam",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=clm.core.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_index=True, editable=False, verbose_name="created at"),
                ),
                ("updated_at", models.DateTimeField(editable=False, verbose_name="updated at")),
                ("one", models.BooleanField(default=True, editable=False, unique=True)),
                (
                    "shares_out",
                    models.BooleanField(default=False, verbose_name="new cases are shared out"),
                ),
            ],
            options={
                "verbose_name": "case team",
                "verbose_name_plural": "case teams",
            },
        ),
        migrations.CreateModel(
            name="CaseWorker",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=clm.core.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
                ),
                (
                    "created_at",
                    models.DateTimeField(db_index=True, editable=False, verbose_name="created at"),
                ),
                ("updated_at", models.DateTimeField(editable=False, verbose_name="updated at")),
                (
                    "hours_a_week",
                    models.PositiveSmallIntegerField(
                        default=20,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="hours a week for cases",
                    ),
                ),
                ("away_until", models.DateField(blank=True, null=True, verbose_name="away until")),
                (
                    "user",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="case_worker",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="user",
                    ),
                ),
            ],
            options={
                "verbose_name": "case worker",
                "verbose_name_plural": "case workers",
            },
        ),
    ]
