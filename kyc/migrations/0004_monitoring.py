"""Transaction monitoring: rules with their versions, alerts, replays, and who is due."""

import django.contrib.postgres.fields
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import clm.core.ids
import clm.core.lifecycle.table
from kyc.seed import first_rules

# Whatever way transactions come in, by COPY, late or after they had to wait, their customers are
# due. Sorted, so that two writers cannot deadlock.
DUE = """
CREATE FUNCTION kyc_note_due() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO kyc_monitoringdue (customer_id, since)
    SELECT customer_id, min(booked_on) FROM come WHERE holding_id IS NOT NULL
    GROUP BY customer_id ORDER BY customer_id
    ON CONFLICT (customer_id) DO UPDATE
        SET since = least(kyc_monitoringdue.since, EXCLUDED.since);
    RETURN NULL;
END $$;
CREATE TRIGGER kyc_note_due AFTER INSERT ON customers_transaction
    REFERENCING NEW TABLE AS come FOR EACH STATEMENT EXECUTE FUNCTION kyc_note_due();
"""
UNDO = """
DROP TRIGGER kyc_note_due ON customers_transaction;
DROP FUNCTION kyc_note_due();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_event_log"),
        ("customers", "0002_transactions"),
        ("kyc", "0003_lists_kept"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MonitoringDue",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="customers.customer",
                    ),
                ),
                ("since", models.DateField(verbose_name="since")),
            ],
            options={
                "verbose_name": "customer to be monitored",
                "verbose_name_plural": "customers to be monitored",
            },
        ),
        migrations.CreateModel(
            name="MonitoringRule",
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
                            ("IN_FORCE", "In force"),
                            ("RETIRED", "Retired"),
                        ],
                        db_index=True,
                        default="DRAFT",
                        editable=False,
                        max_length=50,
                        protected=True,
                        verbose_name="state",
                    ),
                ),
                ("kind", models.CharField(max_length=40, verbose_name="rule")),
                ("number", models.PositiveIntegerField(editable=False, verbose_name="version")),
                (
                    "note",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="what changes and why"
                    ),
                ),
                ("switched_on", models.BooleanField(default=True, verbose_name="switched on")),
                ("parameters", models.JSONField(verbose_name="parameters")),
                (
                    "state_since",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="in this state since"
                    ),
                ),
            ],
            options={
                "verbose_name": "monitoring rule",
                "verbose_name_plural": "monitoring rules",
                "ordering": ["kind", "-number"],
                "permissions": [
                    ("approve_monitoringrule", "Can put a monitoring rule in force"),
                    ("retire_monitoringrule", "Can retire a monitoring rule"),
                    ("run_monitoring", "Can run transaction monitoring"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "number"), name="monitoring_rule_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "IN_FORCE")),
                        fields=("kind",),
                        name="monitoring_rule_one_in_force",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RuleReplay",
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
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replays",
                        to="kyc.monitoringrule",
                    ),
                ),
                (
                    "beside",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kyc.monitoringrule",
                    ),
                ),
                (
                    "job",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.job",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("asked_at", models.DateTimeField(verbose_name="asked at")),
                ("done_at", models.DateTimeField(null=True, verbose_name="done at")),
                ("since", models.DateField(verbose_name="from")),
                ("until", models.DateField(verbose_name="until")),
                ("customers", models.PositiveIntegerField(default=0, verbose_name="customers")),
                (
                    "transactions",
                    models.PositiveBigIntegerField(default=0, verbose_name="transactions"),
                ),
                ("found", models.PositiveIntegerField(default=0, verbose_name="found")),
                ("cases", models.PositiveIntegerField(default=0, verbose_name="cases")),
                ("new", models.PositiveIntegerField(default=0, verbose_name="new")),
                ("gone", models.PositiveIntegerField(default=0, verbose_name="gone")),
                (
                    "concerned",
                    models.PositiveIntegerField(default=0, verbose_name="customers concerned"),
                ),
                ("months", models.JSONField(default=dict, verbose_name="by month")),
            ],
            options={
                "verbose_name": "replay of a rule",
                "verbose_name_plural": "replays of rules",
                "ordering": ["-asked_at"],
            },
        ),
        migrations.CreateModel(
            name="ReplayExample",
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
                    "replay",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="examples",
                        to="kyc.rulereplay",
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
                ("score", models.PositiveSmallIntegerField(verbose_name="score")),
                ("facts", models.JSONField(default=dict, verbose_name="facts")),
                ("first_on", models.DateField(verbose_name="from")),
                ("last_on", models.DateField(verbose_name="until")),
                ("is_new", models.BooleanField(verbose_name="new")),
            ],
            options={
                "verbose_name": "example of a replay",
                "verbose_name_plural": "examples of replays",
                "ordering": ["-score", "-last_on", "id"],
            },
        ),
        migrations.CreateModel(
            name="Alert",
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
                            ("CASE", "In a case"),
                            ("DISMISSED", "Dismissed"),
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
                        related_name="+",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alerts",
                        to="kyc.monitoringrule",
                        verbose_name="rule",
                    ),
                ),
                ("kind", models.CharField(editable=False, max_length=40, verbose_name="kind")),
                ("key", models.UUIDField(editable=False)),
                ("score", models.PositiveSmallIntegerField(verbose_name="score")),
                ("reasons", models.JSONField(default=list, verbose_name="reasons")),
                ("facts", models.JSONField(default=dict, verbose_name="facts")),
                (
                    "transactions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), size=None, verbose_name="transactions"
                    ),
                ),
                ("first_on", models.DateField(verbose_name="from")),
                ("last_on", models.DateField(verbose_name="until")),
                (
                    "state_since",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="in this state since"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="alerts",
                        to="kyc.case",
                        verbose_name="case",
                    ),
                ),
                (
                    "previous",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="kyc.alert",
                    ),
                ),
            ],
            options={
                "verbose_name": "transaction alert",
                "verbose_name_plural": "transaction alerts",
                "permissions": [
                    ("escalate_alert", "Can open a case on an alert"),
                    ("dismiss_alert", "Can dismiss an alert"),
                ],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state", "OPEN")),
                        fields=["-score", "-id"],
                        name="alert_open",
                    ),
                    models.Index(fields=["customer", "kind", "last_on"], name="alert_of_customer"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("customer", "kind", "key"), name="alert_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "CASE"), _negated=True),
                            ("case__isnull", False),
                            _connector="OR",
                        ),
                        name="alert_in_its_case",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AlertHistory",
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
                        to="kyc.alert",
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
                            ("CASE", "In a case"),
                            ("DISMISSED", "Dismissed"),
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
                    "rule",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="kyc.monitoringrule",
                        verbose_name="rule",
                    ),
                ),
                ("kind", models.CharField(editable=False, max_length=40, verbose_name="kind")),
                ("key", models.UUIDField(editable=False)),
                ("score", models.PositiveSmallIntegerField(verbose_name="score")),
                ("reasons", models.JSONField(default=list, verbose_name="reasons")),
                ("facts", models.JSONField(default=dict, verbose_name="facts")),
                (
                    "transactions",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.UUIDField(), size=None, verbose_name="transactions"
                    ),
                ),
                ("first_on", models.DateField(verbose_name="from")),
                ("last_on", models.DateField(verbose_name="until")),
                (
                    "state_since",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="in this state since"
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="kyc.case",
                        verbose_name="case",
                    ),
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
                        to="kyc.alert",
                    ),
                ),
            ],
            options={
                "db_table": "kyc_alert_history",
                "abstract": False,
            },
        ),
        migrations.AlterField(
            model_name="case",
            name="trigger",
            field=models.CharField(
                choices=[
                    ("onboarding", "New customer"),
                    ("customer_changed", "Customer changed"),
                    ("list_changed", "List changed"),
                    ("review", "Review due"),
                    ("alert", "Transaction alert"),
                    ("request", "Opened by hand"),
                ],
                max_length=20,
                verbose_name="opened because",
            ),
        ),
        migrations.AlterField(
            model_name="casehistory",
            name="trigger",
            field=models.CharField(
                choices=[
                    ("onboarding", "New customer"),
                    ("customer_changed", "Customer changed"),
                    ("list_changed", "List changed"),
                    ("review", "Review due"),
                    ("alert", "Transaction alert"),
                    ("request", "Opened by hand"),
                ],
                max_length=20,
                verbose_name="opened because",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="monitoringrule",
            trigger=pgtrigger.compiler.Trigger(
                name="state_machine",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.state NOT IN ('DRAFT', 'IN_FORCE') THEN\n                    RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            ELSIF NEW.state IS DISTINCT FROM OLD.state THEN\n                IF (OLD.state, NEW.state) NOT IN (('DRAFT', 'PENDING'), ('IN_FORCE', 'RETIRED'), ('PENDING', 'DRAFT'), ('PENDING', 'IN_FORCE')) THEN\n                    RAISE EXCEPTION '% cannot go from % to %',\n                        TG_TABLE_NAME, OLD.state, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                IF NEW.version <> OLD.version + 1 THEN\n                    RAISE EXCEPTION '% changes its state through its life-cycle only',\n                        TG_TABLE_NAME USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="b8cb26229a8789e7f6269b75bbe3438db9296ef0",
                    operation='INSERT OR UPDATE OF "state"',
                    pgid="pgtrigger_state_machine_49915",
                    table="kyc_monitoringrule",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="monitoringrule",
            trigger=pgtrigger.compiler.Trigger(
                name="first_alone_begins_in_force",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.number > 1 AND NEW.state <> 'DRAFT')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;",
                    hash="510bfa78aa2ecafd3e27eb16bba4df0fc4ad14bc",
                    operation="INSERT",
                    pgid="pgtrigger_first_alone_begins_in_force_51be3",
                    table="kyc_monitoringrule",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="monitoringrule",
            trigger=pgtrigger.compiler.Trigger(
                name="parameters_stay",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."parameters" IS DISTINCT FROM (NEW."parameters") OR OLD."switched_on" IS DISTINCT FROM (NEW."switched_on"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="b17002d93c552d2a64b2561d0ab56df7b51ffa8b",
                    operation="UPDATE",
                    pgid="pgtrigger_parameters_stay_39f59",
                    table="kyc_monitoringrule",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="alert",
            trigger=pgtrigger.compiler.Trigger(
                name="state_machine",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.state NOT IN ('OPEN') THEN\n                    RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            ELSIF NEW.state IS DISTINCT FROM OLD.state THEN\n                IF (OLD.state, NEW.state) NOT IN (('DISMISSED', 'CASE'), ('OPEN', 'CASE'), ('OPEN', 'DISMISSED')) THEN\n                    RAISE EXCEPTION '% cannot go from % to %',\n                        TG_TABLE_NAME, OLD.state, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                IF NEW.version <> OLD.version + 1 THEN\n                    RAISE EXCEPTION '% changes its state through its life-cycle only',\n                        TG_TABLE_NAME USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="28346bbbeb59f2719dd9dcedd078cc0cf180fdbd",
                    operation='INSERT OR UPDATE OF "state"',
                    pgid="pgtrigger_state_machine_d4f78",
                    table="kyc_alert",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="alert",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."customer_id" IS DISTINCT FROM (NEW."customer_id") OR OLD."facts" IS DISTINCT FROM (NEW."facts") OR OLD."first_on" IS DISTINCT FROM (NEW."first_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."last_on" IS DISTINCT FROM (NEW."last_on") OR OLD."previous_id" IS DISTINCT FROM (NEW."previous_id") OR OLD."reasons" IS DISTINCT FROM (NEW."reasons") OR OLD."rule_id" IS DISTINCT FROM (NEW."rule_id") OR OLD."score" IS DISTINCT FROM (NEW."score") OR OLD."transactions" IS DISTINCT FROM (NEW."transactions"))',
                    func='INSERT INTO "kyc_alert_history" ("case_id", "created_at", "customer_id", "facts", "first_on", "id", "key", "kind", "last_on", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_id", "reasons", "rule_id", "score", "state", "state_since", "transactions", "updated_at", "version") VALUES (OLD."case_id", OLD."created_at", OLD."customer_id", OLD."facts", OLD."first_on", OLD."id", OLD."key", OLD."kind", OLD."last_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', OLD."id", OLD."previous_id", OLD."reasons", OLD."rule_id", OLD."score", OLD."state", OLD."state_since", OLD."transactions", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="c939dee91637889a1af1d4eea238e8c29aac6582",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_a8cac",
                    table="kyc_alert",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="alert",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "kyc_alert_history" ("case_id", "created_at", "customer_id", "facts", "first_on", "id", "key", "kind", "last_on", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "previous_id", "reasons", "rule_id", "score", "state", "state_since", "transactions", "updated_at", "version") VALUES (OLD."case_id", OLD."created_at", OLD."customer_id", OLD."facts", OLD."first_on", OLD."id", OLD."key", OLD."kind", OLD."last_on", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."previous_id", OLD."reasons", OLD."rule_id", OLD."score", OLD."state", OLD."state_since", OLD."transactions", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="7c9dd57c792080ce0fc91bf7416ce57c34825bb6",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d5c76",
                    table="kyc_alert",
                    when="AFTER",
                ),
            ),
        ),
        migrations.RunSQL(DUE, UNDO),
        migrations.RunPython(first_rules, migrations.RunPython.noop),
    ]
