"""Journey maps, what stands on them, and the personas they are drawn for."""

from decimal import Decimal

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import clm.core.ids


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0003_columns"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Persona",
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
                (
                    "life_phase",
                    models.CharField(
                        blank=True,
                        help_text="Such as “first home” or “pension in sight”",
                        max_length=120,
                        verbose_name="life phase",
                    ),
                ),
                (
                    "description",
                    models.TextField(blank=True, max_length=2000, verbose_name="description"),
                ),
                ("goals", models.TextField(blank=True, max_length=2000, verbose_name="goals")),
                (
                    "reassures",
                    models.TextField(blank=True, max_length=2000, verbose_name="what reassures"),
                ),
                (
                    "worries",
                    models.TextField(blank=True, max_length=2000, verbose_name="what worries"),
                ),
                (
                    "creates_value",
                    models.TextField(
                        blank=True, max_length=2000, verbose_name="what creates value"
                    ),
                ),
            ],
            options={
                "verbose_name": "persona",
                "verbose_name_plural": "personas",
            },
        ),
        migrations.CreateModel(
            name="JourneyMap",
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
                (
                    "kind",
                    models.CharField(
                        choices=[("as-is", "As-is"), ("to-be", "To-be")],
                        default="as-is",
                        max_length=5,
                        verbose_name="kind",
                    ),
                ),
                (
                    "description",
                    models.TextField(blank=True, max_length=2000, verbose_name="description"),
                ),
                ("shared", models.BooleanField(default=False, verbose_name="shared board")),
                ("revision", models.PositiveBigIntegerField(default=1, editable=False)),
                (
                    "counterpart",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="futures",
                        to="journeys.journeymap",
                        verbose_name="as-is of this to-be",
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="maps",
                        to="journeys.journey",
                        verbose_name="measured journey",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "personas",
                    models.ManyToManyField(
                        blank=True,
                        related_name="maps",
                        to="journeys.persona",
                        verbose_name="personas",
                    ),
                ),
            ],
            options={
                "verbose_name": "journey map",
                "verbose_name_plural": "journey maps",
                "permissions": [("join_journeymap", "Can write on shared journey maps")],
            },
        ),
        migrations.CreateModel(
            name="MapLane",
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
                ("order", models.BigIntegerField(editable=False, verbose_name="order")),
                (
                    "removed_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="removed at"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("action", "Customer does"),
                            ("digital", "Digital touchpoint"),
                            ("physical", "Physical touchpoint"),
                            ("thoughts", "Thoughts and needs"),
                            ("emotional", "Emotional needs"),
                            ("practical", "Practical needs"),
                            ("pain", "Pain point"),
                            ("front", "Front stage"),
                            ("back", "Back stage"),
                            ("support", "Support process"),
                            ("idea", "Idea"),
                            ("dna", "Bank DNA"),
                            ("solution", "Shared solution"),
                        ],
                        max_length=9,
                        verbose_name="kind",
                    ),
                ),
                (
                    "title",
                    models.CharField(
                        blank=True,
                        help_text="Left empty, the kind’s own name",
                        max_length=120,
                        verbose_name="title",
                    ),
                ),
                (
                    "map",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lanes",
                        to="journeys.journeymap",
                    ),
                ),
            ],
            options={
                "verbose_name": "lane of a map",
                "verbose_name_plural": "lanes of maps",
            },
        ),
        migrations.CreateModel(
            name="MapStep",
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
                ("order", models.BigIntegerField(editable=False, verbose_name="order")),
                (
                    "removed_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="removed at"),
                ),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                ("phase", models.CharField(blank=True, max_length=120, verbose_name="phase")),
                (
                    "activities",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=200),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="activities",
                    ),
                ),
                (
                    "map",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="steps",
                        to="journeys.journeymap",
                    ),
                ),
                (
                    "origin",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="journeys.mapstep",
                    ),
                ),
            ],
            options={
                "verbose_name": "step of a map",
                "verbose_name_plural": "steps of maps",
            },
        ),
        migrations.CreateModel(
            name="MapCard",
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
                ("order", models.BigIntegerField(editable=False, verbose_name="order")),
                (
                    "removed_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="removed at"),
                ),
                ("text", models.CharField(max_length=500, verbose_name="text")),
                ("worded", models.PositiveIntegerField(default=1, editable=False)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="author",
                    ),
                ),
                (
                    "map",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cards",
                        to="journeys.journeymap",
                    ),
                ),
                (
                    "lane",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cards",
                        to="journeys.maplane",
                        verbose_name="lane",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cards",
                        to="journeys.mapstep",
                        verbose_name="step",
                    ),
                ),
            ],
            options={
                "verbose_name": "card of a map",
                "verbose_name_plural": "cards of maps",
            },
        ),
        migrations.CreateModel(
            name="MapEmotion",
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
                    "value",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        max_digits=2,
                        null=True,
                        verbose_name="emotion",
                    ),
                ),
                (
                    "map",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="emotions",
                        to="journeys.journeymap",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="emotions",
                        to="journeys.mapstep",
                        verbose_name="step",
                    ),
                ),
                (
                    "persona",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="emotions",
                        to="journeys.persona",
                        verbose_name="persona",
                    ),
                ),
            ],
            options={
                "verbose_name": "emotion at a step",
                "verbose_name_plural": "emotions at steps",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("step", "persona"), name="journeys_one_emotion_a_step_and_persona"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("value__gte", Decimal("-2.0")), ("value__lte", Decimal("2.0"))
                        ),
                        name="journeys_emotion_from_worst_to_best",
                        violation_error_message="An emotion lies between −2 and +2.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MapChange",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(verbose_name="at")),
                ("part", models.CharField(max_length=20, verbose_name="part")),
                ("part_id", models.UUIDField()),
                ("before", models.JSONField(null=True)),
                ("after", models.JSONField()),
                ("undoes", models.BooleanField(default=False)),
                ("undone", models.BooleanField(default=False)),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "map",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="journeys.journeymap",
                    ),
                ),
            ],
            options={
                "verbose_name": "change of a map",
                "verbose_name_plural": "changes of maps",
                "indexes": [
                    models.Index(fields=["map", "actor", "-id"], name="journeys_change_of_whom")
                ],
            },
        ),
        migrations.CreateModel(
            name="MapComment",
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
                ("text", models.TextField(max_length=2000, verbose_name="comment")),
                (
                    "resolved_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="resolved at"),
                ),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="author",
                    ),
                ),
                (
                    "card",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="journeys.mapcard",
                        verbose_name="card",
                    ),
                ),
                (
                    "map",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="journeys.journeymap",
                    ),
                ),
                (
                    "resolved_by",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="resolved by",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="comments",
                        to="journeys.mapstep",
                        verbose_name="step",
                    ),
                ),
            ],
            options={
                "verbose_name": "comment on a map",
                "verbose_name_plural": "comments on maps",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("step__isnull", True), ("card__isnull", True), _connector="XOR"
                        ),
                        name="journeys_comment_on_a_step_or_a_card",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MapVersion",
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
                ("number", models.PositiveIntegerField(editable=False, verbose_name="number")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("content", models.JSONField(editable=False, verbose_name="content")),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="author",
                    ),
                ),
                (
                    "map",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="versions",
                        to="journeys.journeymap",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a map",
                "verbose_name_plural": "versions of maps",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("map", "number"), name="journeys_map_versions_are_numbered"
                    )
                ],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mapversion",
            trigger=pgtrigger.compiler.Trigger(
                name="map_version_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="07d25c99d3663e04636f5ef6c4327c40af23aa5a",
                    operation="UPDATE",
                    pgid="pgtrigger_map_version_stays_b98ed",
                    table="journeys_mapversion",
                    when="BEFORE",
                ),
            ),
        ),
    ]
