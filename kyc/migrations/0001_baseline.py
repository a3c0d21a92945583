"""Everything up to the first release, in one step; see decision 0012."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import clm.core.ids
import clm.core.lifecycle.table


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("kyc", "0001_initial"),
        ("kyc", "0003_history"),
        ("kyc", "0004_lists"),
    ]

    dependencies = [
        ("core", "0001_baseline"),
        ("customers", "0001_baseline"),
    ]

    operations = [
        migrations.CreateModel(
            name="Watchlist",
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
                ("name", models.CharField(max_length=80, unique=True, verbose_name="name")),
                ("format", models.CharField(max_length=40, verbose_name="format")),
            ],
            options={
                "verbose_name": "watchlist",
                "verbose_name_plural": "watchlists",
                "permissions": [
                    ("accept_watchlist", "Can accept a held-back list"),
                    ("import_watchlist", "Can import a list"),
                    ("screen_name", "Can screen a name"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Case",
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
                            ("OPEN", "Open"),
                            ("CHECKING", "Checking"),
                            ("TRIAGE", "Triage"),
                            ("INVESTIGATING", "Investigating"),
                            ("WAITING_FOR_CUSTOMER", "Waiting for the customer"),
                            ("ESCALATED", "Escalated"),
                            ("PENDING_APPROVAL", "Pending approval"),
                            ("CLEARED", "Cleared"),
                            ("REJECTED", "Rejected"),
                            ("REOPENED", "Reopened"),
                        ],
                        db_index=True,
                        default="OPEN",
                        editable=False,
                        max_length=50,
                        protected=True,
                        verbose_name="state",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="kyc_cases",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "trigger",
                    models.CharField(
                        choices=[
                            ("onboarding", "New customer"),
                            ("customer_changed", "Customer changed"),
                            ("list_changed", "List changed"),
                            ("review", "Review due"),
                            ("request", "Opened by hand"),
                        ],
                        max_length=20,
                        verbose_name="opened because",
                    ),
                ),
                (
                    "opening_event",
                    models.UUIDField(blank=True, editable=False, null=True, unique=True),
                ),
                (
                    "application_id",
                    models.UUIDField(
                        blank=True, editable=False, null=True, verbose_name="application"
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="assigned to",
                    ),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due at")),
                (
                    "state_since",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="in this state since"
                    ),
                ),
                (
                    "round",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, verbose_name="round"
                    ),
                ),
                (
                    "top_score",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        editable=False,
                        max_digits=5,
                        null=True,
                        verbose_name="highest score",
                    ),
                ),
                (
                    "risk",
                    models.CharField(blank=True, editable=False, max_length=6, verbose_name="risk"),
                ),
            ],
            options={
                "verbose_name": "KYC case",
                "verbose_name_plural": "KYC cases",
                "permissions": [("assign_case", "Can assign a case")],
                "indexes": [
                    models.Index(
                        condition=models.Q(
                            (
                                "state__in",
                                [
                                    "TRIAGE",
                                    "INVESTIGATING",
                                    "ESCALATED",
                                    "REOPENED",
                                    "WAITING_FOR_CUSTOMER",
                                    "PENDING_APPROVAL",
                                ],
                            )
                        ),
                        fields=["due_at", "id"],
                        name="case_queue",
                    ),
                    models.Index(fields=["assignee", "due_at"], name="case_mine"),
                ],
            },
        ),
        migrations.CreateModel(
            name="CaseHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="kyc.case",
                    ),
                ),
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
                            ("OPEN", "Open"),
                            ("CHECKING", "Checking"),
                            ("TRIAGE", "Triage"),
                            ("INVESTIGATING", "Investigating"),
                            ("WAITING_FOR_CUSTOMER", "Waiting for the customer"),
                            ("ESCALATED", "Escalated"),
                            ("PENDING_APPROVAL", "Pending approval"),
                            ("CLEARED", "Cleared"),
                            ("REJECTED", "Rejected"),
                            ("REOPENED", "Reopened"),
                        ],
                        db_index=True,
                        default="OPEN",
                        editable=False,
                        max_length=50,
                        protected=True,
                        verbose_name="state",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "trigger",
                    models.CharField(
                        choices=[
                            ("onboarding", "New customer"),
                            ("customer_changed", "Customer changed"),
                            ("list_changed", "List changed"),
                            ("review", "Review due"),
                            ("request", "Opened by hand"),
                        ],
                        max_length=20,
                        verbose_name="opened because",
                    ),
                ),
                ("opening_event", models.UUIDField(blank=True, editable=False, null=True)),
                (
                    "application_id",
                    models.UUIDField(
                        blank=True, editable=False, null=True, verbose_name="application"
                    ),
                ),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="assigned to",
                    ),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due at")),
                (
                    "state_since",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="in this state since"
                    ),
                ),
                (
                    "round",
                    models.PositiveSmallIntegerField(
                        default=1, editable=False, verbose_name="round"
                    ),
                ),
                (
                    "top_score",
                    models.DecimalField(
                        blank=True,
                        decimal_places=4,
                        editable=False,
                        max_digits=5,
                        null=True,
                        verbose_name="highest score",
                    ),
                ),
                (
                    "risk",
                    models.CharField(blank=True, editable=False, max_length=6, verbose_name="risk"),
                ),
            ],
            options={
                "db_table": "kyc_case_history",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Check",
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
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checks",
                        to="kyc.case",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                ("kind", models.CharField(max_length=40, verbose_name="check")),
                ("round", models.PositiveSmallIntegerField(verbose_name="round")),
                (
                    "result",
                    models.CharField(
                        choices=[("passed", "Passed"), ("failed", "To be looked at")],
                        max_length=8,
                        verbose_name="result",
                    ),
                ),
                ("code", models.CharField(blank=True, max_length=60, verbose_name="finding")),
                ("facts", models.JSONField(default=dict, verbose_name="facts")),
                ("at", models.DateTimeField(verbose_name="at")),
            ],
            options={
                "verbose_name": "check",
                "verbose_name_plural": "checks",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "kind", "round"), name="check_once_a_round"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="WatchlistVersion",
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
                    "watchlist",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="kyc.watchlist",
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="number")),
                (
                    "standing",
                    models.CharField(
                        choices=[("in_force", "In force"), ("held", "Held back"), ("past", "Past")],
                        max_length=8,
                        verbose_name="standing",
                    ),
                ),
                ("loaded_at", models.DateTimeField(verbose_name="loaded at")),
                ("dated_at", models.DateTimeField(blank=True, null=True, verbose_name="dated")),
                ("entries", models.PositiveIntegerField(default=0, verbose_name="entries")),
                ("names", models.PositiveIntegerField(default=0, verbose_name="names")),
                ("added", models.PositiveIntegerField(default=0, verbose_name="added")),
                ("changed", models.PositiveIntegerField(default=0, verbose_name="changed")),
                ("removed", models.PositiveIntegerField(default=0, verbose_name="removed")),
                (
                    "orphans",
                    models.PositiveIntegerField(
                        default=0, verbose_name="aliases and addresses without an entry"
                    ),
                ),
                (
                    "ended",
                    models.BooleanField(default=False, verbose_name="ends with the end mark"),
                ),
                ("digest", models.CharField(max_length=64)),
                ("held_because", models.TextField(blank=True, verbose_name="held back because")),
                ("file", models.CharField(blank=True, editable=False, max_length=120)),
                (
                    "accepted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="accepted by",
                    ),
                ),
            ],
            options={
                "verbose_name": "version of a watchlist",
                "verbose_name_plural": "versions of watchlists",
                "ordering": ["-loaded_at"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("watchlist", "number"), name="watchlist_version_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("standing", "in_force")),
                        fields=("watchlist",),
                        name="watchlist_one_in_force",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="WatchlistEntry",
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
                    "watchlist",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="kyc.watchlist",
                    ),
                ),
                ("key", models.CharField(max_length=80, verbose_name="the list's own id")),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("person", "Person"),
                            ("organisation", "Organisation"),
                            ("vessel", "Vessel"),
                            ("aircraft", "Aircraft"),
                            ("", "Unknown"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("births", models.JSONField(default=list, verbose_name="born")),
                ("birth_places", models.JSONField(default=list, verbose_name="birth places")),
                (
                    "nationalities",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2), default=list, size=None
                    ),
                ),
                (
                    "countries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2), default=list, size=None
                    ),
                ),
                ("programmes", models.JSONField(default=list, verbose_name="programmes")),
                ("identifiers", models.JSONField(default=list, verbose_name="identifiers")),
                ("remarks", models.TextField(blank=True, verbose_name="remarks")),
                ("digest", models.CharField(max_length=64)),
                (
                    "added_in",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="added_entries",
                        to="kyc.watchlistversion",
                    ),
                ),
                (
                    "changed_in",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changed_entries",
                        to="kyc.watchlistversion",
                    ),
                ),
                (
                    "removed_in",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="removed_entries",
                        to="kyc.watchlistversion",
                    ),
                ),
            ],
            options={
                "verbose_name": "entry of a watchlist",
                "verbose_name_plural": "entries of watchlists",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("watchlist", "key"), name="watchlist_entry_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Hit",
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
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hits",
                        to="kyc.case",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                (
                    "watchlist",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kyc.watchlist",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="hits",
                        to="kyc.watchlistentry",
                    ),
                ),
                ("name", models.CharField(max_length=500, verbose_name="listed name")),
                (
                    "score",
                    models.DecimalField(decimal_places=4, max_digits=5, verbose_name="score"),
                ),
                (
                    "threshold",
                    models.DecimalField(decimal_places=4, max_digits=5, verbose_name="threshold"),
                ),
                ("explanation", models.JSONField(verbose_name="explanation")),
                ("model", models.CharField(max_length=20, verbose_name="model")),
                ("facts_digest", models.CharField(max_length=64)),
                ("facts", models.JSONField(default=dict, verbose_name="facts compared")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("true_match", "The listed person"),
                            ("false_match", "Another person"),
                        ],
                        default="open",
                        max_length=12,
                        verbose_name="decision",
                    ),
                ),
                (
                    "reason_code",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("born", "Date of birth"),
                            ("name", "Name differs in what matters"),
                            ("country", "Nationality or country"),
                            ("gender", "Gender"),
                            ("identifier", "Identity number"),
                            ("document", "Document seen"),
                            ("other", "Other, see the comment"),
                        ],
                        max_length=12,
                        verbose_name="reason",
                    ),
                ),
                ("comment", models.TextField(blank=True, max_length=2000, verbose_name="comment")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="decided at"),
                ),
                (
                    "previous",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kyc.hit",
                    ),
                ),
            ],
            options={
                "verbose_name": "screening hit",
                "verbose_name_plural": "screening hits",
                "permissions": [("decide_hit", "Can decide a hit")],
                "indexes": [models.Index(fields=["customer", "entry"], name="hit_of_pair")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "entry", "facts_digest"), name="hit_once_a_case"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("decided_at__isnull", True),
                                ("decided_by__isnull", True),
                                ("status", "open"),
                            ),
                            models.Q(
                                models.Q(("status", "open"), _negated=True),
                                ("decided_at__isnull", False),
                                ("decided_by__isnull", False),
                            ),
                            _connector="OR",
                        ),
                        name="hit_decided_whole",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RiskModel",
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
                ("number", models.PositiveIntegerField(unique=True, verbose_name="version")),
                ("factors", models.JSONField(verbose_name="factors")),
                ("levels", models.JSONField(verbose_name="levels")),
                ("in_force", models.BooleanField(default=False, verbose_name="in force")),
                ("created_at", models.DateTimeField(verbose_name="created at")),
            ],
            options={
                "verbose_name": "risk model",
                "verbose_name_plural": "risk models",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("in_force", True)),
                        fields=("in_force",),
                        name="risk_model_one_in_force",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RiskAssessment",
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
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="kyc.case",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                (
                    "level",
                    models.CharField(
                        choices=[("low", "Low"), ("medium", "Medium"), ("high", "High")],
                        max_length=6,
                        verbose_name="level",
                    ),
                ),
                (
                    "score",
                    models.DecimalField(decimal_places=1, max_digits=6, verbose_name="score"),
                ),
                ("factors", models.JSONField(verbose_name="factors")),
                (
                    "model",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kyc.riskmodel",
                    ),
                ),
                ("round", models.PositiveSmallIntegerField(default=1)),
                ("at", models.DateTimeField(verbose_name="at")),
            ],
            options={
                "verbose_name": "risk assessment",
                "verbose_name_plural": "risk assessments",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("case", "round"), name="risk_assessment_once_a_round"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="HitHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="kyc.hit",
                    ),
                ),
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
                    "case",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="kyc.case",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="customers.customer",
                    ),
                ),
                (
                    "watchlist",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="kyc.watchlist",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="kyc.watchlistentry",
                    ),
                ),
                ("name", models.CharField(max_length=500, verbose_name="listed name")),
                (
                    "score",
                    models.DecimalField(decimal_places=4, max_digits=5, verbose_name="score"),
                ),
                (
                    "threshold",
                    models.DecimalField(decimal_places=4, max_digits=5, verbose_name="threshold"),
                ),
                ("explanation", models.JSONField(verbose_name="explanation")),
                ("model", models.CharField(max_length=20, verbose_name="model")),
                ("facts_digest", models.CharField(max_length=64)),
                ("facts", models.JSONField(default=dict, verbose_name="facts compared")),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("open", "Open"),
                            ("true_match", "The listed person"),
                            ("false_match", "Another person"),
                        ],
                        default="open",
                        max_length=12,
                        verbose_name="decision",
                    ),
                ),
                (
                    "reason_code",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("born", "Date of birth"),
                            ("name", "Name differs in what matters"),
                            ("country", "Nationality or country"),
                            ("gender", "Gender"),
                            ("identifier", "Identity number"),
                            ("document", "Document seen"),
                            ("other", "Other, see the comment"),
                        ],
                        max_length=12,
                        verbose_name="reason",
                    ),
                ),
                ("comment", models.TextField(blank=True, max_length=2000, verbose_name="comment")),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="decided by",
                    ),
                ),
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="decided at"),
                ),
                (
                    "previous",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="kyc.hit",
                    ),
                ),
            ],
            options={
                "db_table": "kyc_hit_history",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WatchlistName",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="names",
                        to="kyc.watchlistentry",
                    ),
                ),
                ("name", models.CharField(max_length=500, verbose_name="name")),
                ("primary", models.BooleanField(default=False, verbose_name="main name")),
                ("weak", models.BooleanField(default=False, verbose_name="weak alias")),
            ],
            options={
                "verbose_name": "listed name",
                "verbose_name_plural": "listed names",
                "ordering": ["-primary", "weak", "id"],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="state_machine",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.state NOT IN ('OPEN') THEN\n                    RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            ELSIF NEW.state IS DISTINCT FROM OLD.state THEN\n                IF (OLD.state, NEW.state) NOT IN (('CHECKING', 'CLEARED'), ('CHECKING', 'TRIAGE'), ('CLEARED', 'REOPENED'), ('ESCALATED', 'INVESTIGATING'), ('ESCALATED', 'PENDING_APPROVAL'), ('INVESTIGATING', 'ESCALATED'), ('INVESTIGATING', 'PENDING_APPROVAL'), ('INVESTIGATING', 'WAITING_FOR_CUSTOMER'), ('OPEN', 'CHECKING'), ('PENDING_APPROVAL', 'CLEARED'), ('PENDING_APPROVAL', 'INVESTIGATING'), ('PENDING_APPROVAL', 'REJECTED'), ('REJECTED', 'REOPENED'), ('REOPENED', 'CHECKING'), ('REOPENED', 'INVESTIGATING'), ('TRIAGE', 'ESCALATED'), ('TRIAGE', 'INVESTIGATING'), ('TRIAGE', 'PENDING_APPROVAL'), ('TRIAGE', 'WAITING_FOR_CUSTOMER'), ('WAITING_FOR_CUSTOMER', 'INVESTIGATING')) THEN\n                    RAISE EXCEPTION '% cannot go from % to %',\n                        TG_TABLE_NAME, OLD.state, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                IF NEW.version <> OLD.version + 1 THEN\n                    RAISE EXCEPTION '% changes its state through its life-cycle only',\n                        TG_TABLE_NAME USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="406d0397ad91f678ea6db125f0ae0193ea10bbce",
                    operation='INSERT OR UPDATE OF "state"',
                    pgid="pgtrigger_state_machine_44e0d",
                    table="kyc_case",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."application_id" IS DISTINCT FROM (NEW."application_id") OR OLD."assignee_id" IS DISTINCT FROM (NEW."assignee_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."customer_id" IS DISTINCT FROM (NEW."customer_id") OR OLD."due_at" IS DISTINCT FROM (NEW."due_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."opening_event" IS DISTINCT FROM (NEW."opening_event") OR OLD."risk" IS DISTINCT FROM (NEW."risk") OR OLD."round" IS DISTINCT FROM (NEW."round") OR OLD."top_score" IS DISTINCT FROM (NEW."top_score") OR OLD."trigger" IS DISTINCT FROM (NEW."trigger"))',
                    func='INSERT INTO "kyc_case_history" ("application_id", "assignee_id", "created_at", "customer_id", "due_at", "id", "opening_event", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "risk", "round", "state", "state_since", "top_score", "trigger", "updated_at", "version") VALUES (OLD."application_id", OLD."assignee_id", OLD."created_at", OLD."customer_id", OLD."due_at", OLD."id", OLD."opening_event", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', OLD."id", OLD."risk", OLD."round", OLD."state", OLD."state_since", OLD."top_score", OLD."trigger", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="46232e029ce134ad90007f8fee4e02701265d0a4",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_cd07f",
                    table="kyc_case",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "kyc_case_history" ("application_id", "assignee_id", "created_at", "customer_id", "due_at", "id", "opening_event", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "risk", "round", "state", "state_since", "top_score", "trigger", "updated_at", "version") VALUES (OLD."application_id", OLD."assignee_id", OLD."created_at", OLD."customer_id", OLD."due_at", OLD."id", OLD."opening_event", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."risk", OLD."round", OLD."state", OLD."state_since", OLD."top_score", OLD."trigger", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="1c96b1585803e6a248018b33e4b53447b9c2e996",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_78f49",
                    table="kyc_case",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="hit",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."case_id" IS DISTINCT FROM (NEW."case_id") OR OLD."comment" IS DISTINCT FROM (NEW."comment") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."customer_id" IS DISTINCT FROM (NEW."customer_id") OR OLD."decided_at" IS DISTINCT FROM (NEW."decided_at") OR OLD."decided_by_id" IS DISTINCT FROM (NEW."decided_by_id") OR OLD."entry_id" IS DISTINCT FROM (NEW."entry_id") OR OLD."explanation" IS DISTINCT FROM (NEW."explanation") OR OLD."facts" IS DISTINCT FROM (NEW."facts") OR OLD."facts_digest" IS DISTINCT FROM (NEW."facts_digest") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."model" IS DISTINCT FROM (NEW."model") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."previous_id" IS DISTINCT FROM (NEW."previous_id") OR OLD."reason_code" IS DISTINCT FROM (NEW."reason_code") OR OLD."score" IS DISTINCT FROM (NEW."score") OR OLD."status" IS DISTINCT FROM (NEW."status") OR OLD."threshold" IS DISTINCT FROM (NEW."threshold") OR OLD."watchlist_id" IS DISTINCT FROM (NEW."watchlist_id"))',
                    func='INSERT INTO "kyc_hit_history" ("case_id", "comment", "created_at", "customer_id", "decided_at", "decided_by_id", "entry_id", "explanation", "facts", "facts_digest", "id", "model", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_id", "reason_code", "score", "status", "threshold", "updated_at", "version", "watchlist_id") VALUES (OLD."case_id", OLD."comment", OLD."created_at", OLD."customer_id", OLD."decided_at", OLD."decided_by_id", OLD."entry_id", OLD."explanation", OLD."facts", OLD."facts_digest", OLD."id", OLD."model", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', OLD."id", OLD."previous_id", OLD."reason_code", OLD."score", OLD."status", OLD."threshold", OLD."updated_at", OLD."version", OLD."watchlist_id"); RETURN NULL;',
                    hash="3f4e988b36c67f7485edd49e304ee041f1d9aaa6",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_a17e7",
                    table="kyc_hit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="hit",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "kyc_hit_history" ("case_id", "comment", "created_at", "customer_id", "decided_at", "decided_by_id", "entry_id", "explanation", "facts", "facts_digest", "id", "model", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_id", "reason_code", "score", "status", "threshold", "updated_at", "version", "watchlist_id") VALUES (OLD."case_id", OLD."comment", OLD."created_at", OLD."customer_id", OLD."decided_at", OLD."decided_by_id", OLD."entry_id", OLD."explanation", OLD."facts", OLD."facts_digest", OLD."id", OLD."model", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."previous_id", OLD."reason_code", OLD."score", OLD."status", OLD."threshold", OLD."updated_at", OLD."version", OLD."watchlist_id"); RETURN NULL;',
                    hash="c67361f9b68b58364e51d57572cb472e83bb2bc3",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_92a22",
                    table="kyc_hit",
                    when="AFTER",
                ),
            ),
        ),
    ]
