"""Mapping projects with what their modules bring forth; the bank's values and shared solutions."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import clm.core.ids
import clm.core.lifecycle.table


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0004_maps"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SharedSolution",
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
                    "name",
                    models.CharField(max_length=120, unique=True, verbose_name="shared solution"),
                ),
                (
                    "provider",
                    models.CharField(
                        help_text="The data centre or joint company behind it",
                        max_length=120,
                        verbose_name="provider",
                    ),
                ),
                (
                    "solves",
                    models.TextField(blank=True, max_length=2000, verbose_name="what it solves"),
                ),
                ("in_use", models.BooleanField(default=True, verbose_name="in use")),
            ],
            options={
                "verbose_name": "shared solution",
                "verbose_name_plural": "shared solutions",
            },
        ),
        migrations.CreateModel(
            name="BankValue",
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
                ("name", models.CharField(max_length=120, unique=True, verbose_name="value")),
                (
                    "evidence",
                    models.TextField(
                        blank=True,
                        help_text="What shows that it is true",
                        max_length=2000,
                        verbose_name="evidence",
                    ),
                ),
                (
                    "touchpoints",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=120),
                        blank=True,
                        default=list,
                        help_text="Touchpoints, one a line or with commas between",
                        size=None,
                        verbose_name="where it shows",
                    ),
                ),
                (
                    "score",
                    models.PositiveSmallIntegerField(
                        default=0,
                        validators=[django.core.validators.MaxValueValidator(5)],
                        verbose_name="how well it shows, 0 to 5",
                    ),
                ),
                ("in_use", models.BooleanField(default=True, verbose_name="in use")),
            ],
            options={
                "verbose_name": "value of the bank",
                "verbose_name_plural": "values of the bank",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("score__lte", 5)),
                        name="journeys_bank_value_score",
                        violation_error_message="A score lies between 0 and 5.",
                    )
                ],
            },
        ),
        migrations.AddField(
            model_name="mapcard",
            name="value",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="cards",
                to="journeys.bankvalue",
                verbose_name="value of the bank",
            ),
        ),
        migrations.CreateModel(
            name="MappingProject",
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
                    "state",
                    clm.core.lifecycle.table.StateField(
                        choices=[
                            ("BRIEFING", "Briefing"),
                            ("RESEARCH", "Research"),
                            ("WORKSHOP", "Workshop"),
                            ("ANALYSIS", "Analysis"),
                            ("PRESENTATION", "Presentation and action plan"),
                            ("DONE", "Finished"),
                            ("CANCELLED", "Cancelled"),
                        ],
                        db_index=True,
                        default="BRIEFING",
                        editable=False,
                        max_length=12,
                        protected=True,
                        verbose_name="state",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                (
                    "depth",
                    models.CharField(
                        choices=[
                            ("quick", "Quick internal review"),
                            ("standard", "Standard"),
                            ("data", "Data-backed analysis"),
                        ],
                        default="standard",
                        help_text="Decides what each module asks for before the next one begins",
                        max_length=8,
                        verbose_name="depth",
                    ),
                ),
                ("goal", models.TextField(blank=True, max_length=2000, verbose_name="goal")),
                (
                    "scope",
                    models.TextField(
                        blank=True,
                        help_text="What belongs to it and what does not",
                        max_length=2000,
                        verbose_name="scope",
                    ),
                ),
                (
                    "customer_value",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Left empty: what customers earn the bank on average",
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="what a customer is worth a year, kr.",
                    ),
                ),
                (
                    "customer_years",
                    models.DecimalField(
                        decimal_places=1,
                        default=7,
                        max_digits=4,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="years a customer stays",
                    ),
                ),
                (
                    "state_since",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="in this state since"
                    ),
                ),
                (
                    "as_is",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journeys.journeymap",
                        verbose_name="map of today",
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="projects",
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
                        related_name="projects",
                        to="journeys.persona",
                        verbose_name="personas",
                    ),
                ),
                (
                    "team",
                    models.ManyToManyField(
                        blank=True,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="team",
                    ),
                ),
                (
                    "to_be",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="journeys.journeymap",
                        verbose_name="map of tomorrow",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("as_is", None),
                            ("to_be", None),
                            models.Q(("as_is", models.F("to_be")), _negated=True),
                            _connector="OR",
                        ),
                        name="journeys_project_two_maps",
                        violation_error_message="The maps of today and of tomorrow are two maps.",
                    )
                ],
                "verbose_name": "mapping project",
                "verbose_name_plural": "mapping projects",
                "permissions": [
                    ("move_mappingproject", "Can take mapping projects from module to module"),
                    ("cancel_mappingproject", "Can cancel mapping projects"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Insight",
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
                    "removed_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="removed at"),
                ),
                ("text", models.TextField(max_length=2000, verbose_name="insight")),
                (
                    "recommendation",
                    models.TextField(blank=True, max_length=2000, verbose_name="recommendation"),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="insights",
                        to="journeys.mappingproject",
                    ),
                ),
            ],
            options={
                "verbose_name": "insight",
                "verbose_name_plural": "insights",
            },
        ),
        migrations.CreateModel(
            name="BriefingPoint",
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
                    "removed_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="removed at"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("goal", "Goal"),
                            ("moment", "Critical moment"),
                            ("data", "Existing data"),
                        ],
                        max_length=6,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.CharField(max_length=500, verbose_name="text")),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="points",
                        to="journeys.mappingproject",
                    ),
                ),
            ],
            options={
                "verbose_name": "point of a briefing",
                "verbose_name_plural": "points of briefings",
            },
        ),
        migrations.CreateModel(
            name="MappingProjectHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                (
                    "id",
                    models.UUIDField(default=clm.core.ids.uuid7, editable=False, serialize=False),
                ),
                (
                    "version",
                    models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
                ),
                ("created_at", models.DateTimeField(editable=False, verbose_name="created at")),
                ("updated_at", models.DateTimeField(editable=False, verbose_name="updated at")),
                (
                    "state",
                    clm.core.lifecycle.table.StateField(
                        choices=[
                            ("BRIEFING", "Briefing"),
                            ("RESEARCH", "Research"),
                            ("WORKSHOP", "Workshop"),
                            ("ANALYSIS", "Analysis"),
                            ("PRESENTATION", "Presentation and action plan"),
                            ("DONE", "Finished"),
                            ("CANCELLED", "Cancelled"),
                        ],
                        db_index=True,
                        default="BRIEFING",
                        editable=False,
                        max_length=12,
                        protected=True,
                        verbose_name="state",
                    ),
                ),
                ("title", models.CharField(max_length=120, verbose_name="title")),
                (
                    "depth",
                    models.CharField(
                        choices=[
                            ("quick", "Quick internal review"),
                            ("standard", "Standard"),
                            ("data", "Data-backed analysis"),
                        ],
                        default="standard",
                        help_text="Decides what each module asks for before the next one begins",
                        max_length=8,
                        verbose_name="depth",
                    ),
                ),
                ("goal", models.TextField(blank=True, max_length=2000, verbose_name="goal")),
                (
                    "scope",
                    models.TextField(
                        blank=True,
                        help_text="What belongs to it and what does not",
                        max_length=2000,
                        verbose_name="scope",
                    ),
                ),
                (
                    "customer_value",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        help_text="Left empty: what customers earn the bank on average",
                        max_digits=12,
                        null=True,
                        validators=[django.core.validators.MinValueValidator(0)],
                        verbose_name="what a customer is worth a year, kr.",
                    ),
                ),
                (
                    "customer_years",
                    models.DecimalField(
                        decimal_places=1,
                        default=7,
                        max_digits=4,
                        validators=[
                            django.core.validators.MinValueValidator(0),
                            django.core.validators.MaxValueValidator(60),
                        ],
                        verbose_name="years a customer stays",
                    ),
                ),
                (
                    "state_since",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="in this state since"
                    ),
                ),
                (
                    "as_is",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="journeys.journeymap",
                        verbose_name="map of today",
                    ),
                ),
                (
                    "journey",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="journeys.journey",
                        verbose_name="measured journey",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="journeys.mappingproject",
                    ),
                ),
                (
                    "to_be",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="journeys.journeymap",
                        verbose_name="map of tomorrow",
                    ),
                ),
            ],
            options={
                "db_table": "journeys_mappingproject_history",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MomentOfTruth",
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
                    "removed_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="removed at"),
                ),
                ("why", models.TextField(max_length=2000, verbose_name="why it decides")),
                (
                    "evidence",
                    models.TextField(blank=True, max_length=2000, verbose_name="evidence"),
                ),
                ("measured", models.JSONField(blank=True, default=dict, editable=False)),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="moments",
                        to="journeys.mappingproject",
                    ),
                ),
                (
                    "step",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="moments",
                        to="journeys.mapstep",
                        verbose_name="step",
                    ),
                ),
            ],
            options={
                "verbose_name": "moment of truth",
                "verbose_name_plural": "moments of truth",
            },
        ),
        migrations.CreateModel(
            name="Opportunity",
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
                    "removed_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="removed at"),
                ),
                ("title", models.CharField(max_length=200, verbose_name="opportunity")),
                (
                    "worth",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="value, 1 to 5",
                    ),
                ),
                (
                    "effort",
                    models.PositiveSmallIntegerField(
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(5),
                        ],
                        verbose_name="effort, 1 to 5",
                    ),
                ),
                (
                    "moment",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="opportunities",
                        to="journeys.momentoftruth",
                        verbose_name="moment of truth",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="opportunities",
                        to="journeys.mappingproject",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("effort__range", (1, 5)), ("worth__range", (1, 5))),
                        name="journeys_opportunity_ratings",
                        violation_error_message="Value and effort lie between 1 and 5.",
                    )
                ],
                "verbose_name": "opportunity",
                "verbose_name_plural": "opportunities",
            },
        ),
        migrations.CreateModel(
            name="PlannedAction",
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
                    "removed_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="removed at"),
                ),
                ("title", models.CharField(max_length=200, verbose_name="action")),
                ("due_on", models.DateField(blank=True, null=True, verbose_name="due")),
                ("done_on", models.DateField(blank=True, null=True, verbose_name="done")),
                (
                    "metric",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("duration", "Median days from first to last step"),
                            ("wait", "Median days of waiting after a step"),
                            ("given-up", "Percentage given up"),
                        ],
                        max_length=8,
                        verbose_name="what it is to change",
                    ),
                ),
                (
                    "expected",
                    models.DecimalField(
                        blank=True,
                        decimal_places=1,
                        help_text="In days or percentage points; less is negative",
                        max_digits=6,
                        null=True,
                        verbose_name="expected change",
                    ),
                ),
                ("activity", models.CharField(blank=True, max_length=200, verbose_name="activity")),
                (
                    "group_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("branch", "Branch"),
                            ("channel", "Channel"),
                            ("segment", "Segment"),
                            ("kind", "Kind of customer"),
                        ],
                        max_length=8,
                        verbose_name="who is reached is told by",
                    ),
                ),
                (
                    "group",
                    models.CharField(blank=True, max_length=120, verbose_name="who is reached"),
                ),
                (
                    "versus",
                    models.CharField(
                        blank=True,
                        help_text="Left empty: everybody else",
                        max_length=120,
                        verbose_name="compared with",
                    ),
                ),
                (
                    "opportunity",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="actions",
                        to="journeys.opportunity",
                        verbose_name="opportunity",
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="actions",
                        to="journeys.mappingproject",
                    ),
                ),
            ],
            options={
                "verbose_name": "action",
                "verbose_name_plural": "actions",
            },
        ),
        migrations.CreateModel(
            name="ResearchNote",
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
                    "removed_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="removed at"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("interview", "Interview"),
                            ("survey", "Survey"),
                            ("adviser", "Adviser feedback"),
                            ("focus-group", "Focus group"),
                        ],
                        max_length=11,
                        verbose_name="kind",
                    ),
                ),
                ("held_on", models.DateField(verbose_name="date")),
                (
                    "text",
                    models.TextField(
                        blank=True,
                        help_text="No names, numbers or addresses: who it was does not matter here",
                        max_length=8000,
                        verbose_name="what was said",
                    ),
                ),
                (
                    "quotation",
                    models.CharField(blank=True, max_length=500, verbose_name="in their own words"),
                ),
                (
                    "themes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=40),
                        blank=True,
                        default=list,
                        help_text="A few words each, with commas between",
                        size=None,
                        verbose_name="themes",
                    ),
                ),
                ("question", models.CharField(blank=True, max_length=300, verbose_name="question")),
                ("answers", models.JSONField(blank=True, default=dict, verbose_name="answers")),
                (
                    "erased_at",
                    models.DateTimeField(editable=False, null=True, verbose_name="words erased at"),
                ),
                (
                    "persona",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="journeys.persona",
                        verbose_name="persona",
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notes",
                        to="journeys.mappingproject",
                    ),
                ),
            ],
            options={
                "verbose_name": "research note",
                "verbose_name_plural": "research notes",
            },
        ),
        migrations.AddField(
            model_name="mapcard",
            name="solution",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="cards",
                to="journeys.sharedsolution",
                verbose_name="shared solution",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mappingproject",
            trigger=pgtrigger.compiler.Trigger(
                name="state_machine",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.state NOT IN ('BRIEFING') THEN\n                    RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            ELSIF NEW.state IS DISTINCT FROM OLD.state THEN\n                IF (OLD.state, NEW.state) NOT IN (('ANALYSIS', 'BRIEFING'), ('ANALYSIS', 'CANCELLED'), ('ANALYSIS', 'PRESENTATION'), ('ANALYSIS', 'RESEARCH'), ('ANALYSIS', 'WORKSHOP'), ('BRIEFING', 'CANCELLED'), ('BRIEFING', 'RESEARCH'), ('BRIEFING', 'WORKSHOP'), ('DONE', 'ANALYSIS'), ('PRESENTATION', 'ANALYSIS'), ('PRESENTATION', 'BRIEFING'), ('PRESENTATION', 'CANCELLED'), ('PRESENTATION', 'DONE'), ('PRESENTATION', 'RESEARCH'), ('PRESENTATION', 'WORKSHOP'), ('RESEARCH', 'BRIEFING'), ('RESEARCH', 'CANCELLED'), ('RESEARCH', 'WORKSHOP'), ('WORKSHOP', 'ANALYSIS'), ('WORKSHOP', 'BRIEFING'), ('WORKSHOP', 'CANCELLED'), ('WORKSHOP', 'RESEARCH')) THEN\n                    RAISE EXCEPTION '% cannot go from % to %',\n                        TG_TABLE_NAME, OLD.state, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                IF NEW.version <> OLD.version + 1 THEN\n                    RAISE EXCEPTION '% changes its state through its life-cycle only',\n                        TG_TABLE_NAME USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="fe98f5e6af920a44f5cce072537023e73e78ecdb",
                    operation='INSERT OR UPDATE OF "state"',
                    pgid="pgtrigger_state_machine_a210f",
                    table="journeys_mappingproject",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mappingproject",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."as_is_id" IS DISTINCT FROM (NEW."as_is_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."customer_value" IS DISTINCT FROM (NEW."customer_value") OR OLD."customer_years" IS DISTINCT FROM (NEW."customer_years") OR OLD."depth" IS DISTINCT FROM (NEW."depth") OR OLD."goal" IS DISTINCT FROM (NEW."goal") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."journey_id" IS DISTINCT FROM (NEW."journey_id") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."scope" IS DISTINCT FROM (NEW."scope") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."to_be_id" IS DISTINCT FROM (NEW."to_be_id"))',
                    func='INSERT INTO "journeys_mappingproject_history" ("as_is_id", "created_at", "customer_value", "customer_years", "depth", "goal", "id", "journey_id", "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "scope", "state", "state_since", "title", "to_be_id", "updated_at", "version") VALUES (OLD."as_is_id", OLD."created_at", OLD."customer_value", OLD."customer_years", OLD."depth", OLD."goal", OLD."id", OLD."journey_id", OLD."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', OLD."id", OLD."scope", OLD."state", OLD."state_since", OLD."title", OLD."to_be_id", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="aa883bcc16fb0c492977963222466290e1282507",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_cec6d",
                    table="journeys_mappingproject",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="mappingproject",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "journeys_mappingproject_history" ("as_is_id", "created_at", "customer_value", "customer_years", "depth", "goal", "id", "journey_id", "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "scope", "state", "state_since", "title", "to_be_id", "updated_at", "version") VALUES (OLD."as_is_id", OLD."created_at", OLD."customer_value", OLD."customer_years", OLD."depth", OLD."goal", OLD."id", OLD."journey_id", OLD."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."scope", OLD."state", OLD."state_since", OLD."title", OLD."to_be_id", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="b6ef109c8d3444ad65137328f6a88a206dbfe25e",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_3d32e",
                    table="journeys_mappingproject",
                    when="AFTER",
                ),
            ),
        ),
    ]
