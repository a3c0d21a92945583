"""Suspicious-activity reports, accesses to them, and their own chain."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import clm.core.ids
import clm.core.lifecycle.table


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0002_transactions"),
        ("kyc", "0006_gender"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="SuspicionReport",
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
                            ("DRAFT", "Draft"),
                            ("PENDING", "Awaiting approval"),
                            ("APPROVED", "Approved"),
                            ("FILED", "Filed"),
                            ("WITHDRAWN", "Withdrawn"),
                        ],
                        db_index=True,
                        default="DRAFT",
                        editable=False,
                        max_length=50,
                        protected=True,
                        verbose_name="state",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("STR", "Suspicious transactions"),
                            ("SAR", "Suspicious activity"),
                        ],
                        max_length=3,
                        verbose_name="kind of report",
                    ),
                ),
                ("reason", models.TextField(blank=True, verbose_name="reason for the suspicion")),
                ("action", models.TextField(blank=True, verbose_name="what the bank has done")),
                (
                    "indicators",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="indicators",
                    ),
                ),
                (
                    "transactions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="transactions",
                    ),
                ),
                (
                    "rates",
                    models.JSONField(blank=True, default=dict, verbose_name="exchange rates"),
                ),
                ("document", models.TextField(blank=True, editable=False)),
                ("digest", models.BinaryField(max_length=32, null=True)),
                (
                    "receipt",
                    models.CharField(blank=True, max_length=60, verbose_name="receipt number"),
                ),
                ("filed_at", models.DateTimeField(blank=True, null=True, verbose_name="filed at")),
                (
                    "state_since",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="in this state since"
                    ),
                ),
                (
                    "alert",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kyc.alert",
                        verbose_name="alert",
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="approved by",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kyc.case",
                        verbose_name="case",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="asked by",
                    ),
                ),
                (
                    "written_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="written by",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "FILED"), _negated=True),
                            models.Q(
                                ("filed_at__isnull", False),
                                models.Q(("receipt", ""), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="report_filed_with_receipt",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["APPROVED", "FILED"]), _negated=True),
                            ("approved_by__isnull", False),
                            _connector="OR",
                        ),
                        name="report_approved_by_somebody",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("state__in", ["PENDING", "APPROVED", "FILED"]), _negated=True
                            ),
                            models.Q(("digest__isnull", False), ("proposed_by__isnull", False)),
                            _connector="OR",
                        ),
                        name="report_sent_as_it_stands",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("approved_by__isnull", True),
                            models.Q(
                                models.Q(("approved_by", models.F("proposed_by")), _negated=True),
                                models.Q(("approved_by", models.F("written_by")), _negated=True),
                            ),
                            _connector="OR",
                        ),
                        name="report_second_person",
                    ),
                ],
                "indexes": [
                    models.Index(fields=["customer"], name="report_of_customer"),
                ],
                "verbose_name": "suspicious-activity report",
                "verbose_name_plural": "suspicious-activity reports",
                "permissions": [
                    ("read_granted_suspicionreport", "Can read reports opened to them one by one"),
                    ("grant_suspicionreport", "Can open a report to an auditor"),
                ],
            },
        ),
        migrations.CreateModel(
            name="SuspicionGrant",
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
                ("reason", models.CharField(max_length=300, verbose_name="reason")),
                ("given_at", models.DateTimeField(verbose_name="given at")),
                ("until", models.DateField(verbose_name="until")),
                (
                    "withdrawn_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="withdrawn at"),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="given by",
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="reader",
                    ),
                ),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="grants",
                        to="kyc.suspicionreport",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("withdrawn_at__isnull", True)),
                        fields=("report", "reader"),
                        name="grant_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reader", models.F("given_by")), _negated=True),
                        name="grant_to_somebody_else",
                    ),
                ],
                "verbose_name": "access to a report",
                "verbose_name_plural": "accesses to reports",
            },
        ),
        migrations.CreateModel(
            name="SuspicionEntry",
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
                ("sequence", models.PositiveBigIntegerField(unique=True, verbose_name="number")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "report",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="kyc.suspicionreport",
                    ),
                ),
                ("action", models.CharField(max_length=80, verbose_name="action")),
                ("source", models.CharField(blank=True, max_length=50, verbose_name="from state")),
                ("target", models.CharField(blank=True, max_length=50, verbose_name="to state")),
                ("payload", models.JSONField(default=dict, verbose_name="facts")),
                ("words_mac", models.BinaryField(null=True)),
                ("request_id", models.CharField(blank=True, max_length=64)),
                ("prev_hash", models.BinaryField()),
                ("hash", models.BinaryField()),
                (
                    "actor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "entry about a report",
                "verbose_name_plural": "entries about reports",
            },
        ),
        migrations.CreateModel(
            name="SuspicionWords",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="words",
                        serialize=False,
                        to="kyc.suspicionentry",
                    ),
                ),
                ("key", models.BinaryField()),
                ("content", models.JSONField(default=dict)),
            ],
            options={
                "verbose_name": "words about a report",
                "verbose_name_plural": "words about reports",
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="suspicionreport",
            trigger=pgtrigger.compiler.Trigger(
                name="state_machine",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.state NOT IN ('DRAFT') THEN\n                    RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            ELSIF NEW.state IS DISTINCT FROM OLD.state THEN\n                IF (OLD.state, NEW.state) NOT IN (('APPROVED', 'DRAFT'), ('APPROVED', 'FILED'), ('APPROVED', 'WITHDRAWN'), ('DRAFT', 'PENDING'), ('DRAFT', 'WITHDRAWN'), ('PENDING', 'APPROVED'), ('PENDING', 'DRAFT'), ('PENDING', 'WITHDRAWN')) THEN\n                    RAISE EXCEPTION '% cannot go from % to %',\n                        TG_TABLE_NAME, OLD.state, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                IF NEW.version <> OLD.version + 1 THEN\n                    RAISE EXCEPTION '% changes its state through its life-cycle only',\n                        TG_TABLE_NAME USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="9e8929004fd515f38d054c1b2ce48b3126760566",
                    operation='INSERT OR UPDATE OF "state"',
                    pgid="pgtrigger_state_machine_c58a6",
                    table="kyc_suspicionreport",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="suspicionreport",
            trigger=pgtrigger.compiler.Trigger(
                name="stays_as_sent",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.state <> 'DRAFT' AND NEW.state <> 'DRAFT' AND NEW.reason <> '' AND (NEW.kind, NEW.reason, NEW.action, NEW.indicators, NEW.transactions, NEW.rates, NEW.digest, NEW.written_by_id, NEW.proposed_by_id) IS DISTINCT FROM (OLD.kind, OLD.reason, OLD.action, OLD.indicators, OLD.transactions, OLD.rates, OLD.digest, OLD.written_by_id, OLD.proposed_by_id))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="c3f2aa35bfdf50d6484014b7d492d78f33722b59",
                    operation="UPDATE",
                    pgid="pgtrigger_stays_as_sent_92936",
                    table="kyc_suspicionreport",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="suspicionentry",
            trigger=pgtrigger.compiler.Trigger(
                name="suspicion_entry_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="69f946a4ae2c6241fdc0cf70bc876ab105356704",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_suspicion_entry_append_only_32827",
                    table="kyc_suspicionentry",
                    when="BEFORE",
                ),
            ),
        ),
    ]
