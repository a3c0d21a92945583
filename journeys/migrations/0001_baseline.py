"""Everything up to the first release, in one step; see decision 0012."""

import django.db.models.deletion
from django.db import migrations, models

import clm.core.ids


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("journeys", "0001_initial"),
    ]

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Touchpoint",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("at", models.DateTimeField(verbose_name="at")),
                ("ended_at", models.DateTimeField(null=True, verbose_name="ended at")),
                ("case_id", models.CharField(max_length=200, verbose_name="case")),
                ("activity", models.CharField(max_length=200, verbose_name="activity")),
                (
                    "transition",
                    models.CharField(blank=True, max_length=40, verbose_name="transition"),
                ),
                ("channel", models.CharField(blank=True, max_length=80, verbose_name="channel")),
                ("actor", models.CharField(blank=True, max_length=200, verbose_name="who")),
                (
                    "cost",
                    models.DecimalField(
                        decimal_places=2, max_digits=14, null=True, verbose_name="cost"
                    ),
                ),
                ("sentiment", models.SmallIntegerField(null=True, verbose_name="sentiment")),
                ("attributes", models.JSONField(default=dict, verbose_name="attributes")),
                ("source", models.CharField(max_length=120, verbose_name="source")),
                ("external_id", models.CharField(max_length=200, verbose_name="id at the source")),
                ("position", models.BigIntegerField(verbose_name="position")),
                ("restricted", models.BooleanField(default=False, verbose_name="restricted")),
            ],
            options={
                "verbose_name": "touchpoint",
                "verbose_name_plural": "touchpoints",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="ColumnMapping",
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
                ("name", models.SlugField(max_length=60, unique=True, verbose_name="name")),
                (
                    "columns",
                    models.JSONField(
                        help_text="Column name to meaning, such as {“Ticket”: “case_id”, “Step”: “activity”}",
                        verbose_name="columns",
                    ),
                ),
            ],
            options={
                "verbose_name": "column mapping",
                "verbose_name_plural": "column mappings",
            },
        ),
        migrations.CreateModel(
            name="Journey",
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
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("slug", models.SlugField(max_length=120, unique=True, verbose_name="short name")),
                (
                    "source",
                    models.CharField(
                        choices=[
                            ("life-cycle", "The platform’s own events"),
                            ("imported", "Imported"),
                        ],
                        default="imported",
                        max_length=12,
                        verbose_name="source",
                    ),
                ),
                (
                    "description",
                    models.TextField(blank=True, max_length=2000, verbose_name="description"),
                ),
            ],
            options={
                "verbose_name": "journey",
                "verbose_name_plural": "journeys",
            },
        ),
        migrations.CreateModel(
            name="JourneyFeed",
            fields=[
                (
                    "journey",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="feed",
                        serialize=False,
                        to="journeys.journey",
                        verbose_name="journey",
                    ),
                ),
                ("events", models.PositiveBigIntegerField(default=0, verbose_name="events")),
                ("revision", models.PositiveBigIntegerField(default=0)),
                ("read_xact", models.BigIntegerField(null=True)),
                ("read_event", models.UUIDField(null=True)),
            ],
            options={
                "verbose_name": "journey feed",
                "verbose_name_plural": "journey feeds",
            },
        ),
        migrations.CreateModel(
            name="TouchpointKey",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                (
                    "journey",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="journeys.journey",
                    ),
                ),
            ],
            options={
                "verbose_name": "touchpoint key",
                "verbose_name_plural": "touchpoint keys",
            },
        ),
    ]
