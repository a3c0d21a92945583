from datetime import UTC, datetime
from typing import Any

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import clm.core.ids
import clm.core.lifecycle.table
from kyc.seed import DILIGENCE_2, FACTORS_2, LEVELS


def second_model(apps: Any, schema_editor: Any) -> None:
    """The first shipped model made room for one that says what due diligence follows from a level."""
    model = apps.get_model("kyc", "RiskModel")
    began, at = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
    model.objects.filter(number=1).update(
        state="RETIRED", origin="shipped", in_force_from=began, in_force_until=at, updated_at=began
    )
    model.objects.get_or_create(
        number=2,
        defaults={
            "factors": FACTORS_2,
            "levels": LEVELS,
            "diligence": DILIGENCE_2,
            "origin": "shipped",
            "state": "IN_FORCE",
            "in_force_from": at,
            "created_at": at,
            "updated_at": at,
        },
    )


class Migration(migrations.Migration):
    dependencies = [
        ("customers", "0002_transactions"),
        ("kyc", "0004_monitoring"),
    ]

    operations = [
        migrations.CreateModel(
            name="FileGap",
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
                ("code", models.CharField(max_length=60, verbose_name="what is missing")),
                ("facts", models.JSONField(default=dict, verbose_name="facts")),
                ("level", models.CharField(blank=True, max_length=6, verbose_name="risk")),
                ("found_at", models.DateTimeField(verbose_name="found at")),
            ],
            options={
                "verbose_name": "gap in a file",
                "verbose_name_plural": "gaps in files",
            },
        ),
        migrations.AlterModelOptions(
            name="riskmodel",
            options={
                "ordering": ["-number"],
                "permissions": [("approve_riskmodel", "Can put a risk model in force")],
                "verbose_name": "risk model",
                "verbose_name_plural": "risk models",
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="case",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="case",
            name="delete_delete",
        ),
        migrations.RemoveConstraint(
            model_name="riskmodel",
            name="risk_model_one_in_force",
        ),
        migrations.RemoveField(
            model_name="riskmodel",
            name="in_force",
        ),
        migrations.AddField(
            model_name="case",
            name="asked",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40),
                blank=True,
                default=list,
                editable=False,
                size=None,
                verbose_name="checks asked",
            ),
        ),
        migrations.AddField(
            model_name="case",
            name="because",
            field=models.JSONField(blank=True, default=list, editable=False, verbose_name="why"),
        ),
        migrations.AddField(
            model_name="casehistory",
            name="asked",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=40),
                blank=True,
                default=list,
                editable=False,
                size=None,
                verbose_name="checks asked",
            ),
        ),
        migrations.AddField(
            model_name="casehistory",
            name="because",
            field=models.JSONField(blank=True, default=list, editable=False, verbose_name="why"),
        ),
        migrations.AddField(
            model_name="riskmodel",
            name="back_test",
            field=models.JSONField(
                blank=True, default=dict, editable=False, verbose_name="back-test"
            ),
        ),
        migrations.AddField(
            model_name="riskmodel",
            name="diligence",
            field=models.JSONField(default=dict, verbose_name="due diligence"),
        ),
        migrations.AddField(
            model_name="riskmodel",
            name="in_force_from",
            field=models.DateTimeField(editable=False, null=True, verbose_name="in force from"),
        ),
        migrations.AddField(
            model_name="riskmodel",
            name="in_force_until",
            field=models.DateTimeField(editable=False, null=True, verbose_name="in force until"),
        ),
        migrations.AddField(
            model_name="riskmodel",
            name="note",
            field=models.CharField(blank=True, max_length=300, verbose_name="what changes and why"),
        ),
        migrations.AddField(
            model_name="riskmodel",
            name="origin",
            field=models.CharField(
                choices=[("own", "Written by the bank"), ("shipped", "Came with the platform")],
                default="own",
                editable=False,
                max_length=7,
                verbose_name="origin",
            ),
        ),
        migrations.AddField(
            model_name="riskmodel",
            name="state",
            field=clm.core.lifecycle.table.StateField(
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
        migrations.AddField(
            model_name="riskmodel",
            name="updated_at",
            field=models.DateTimeField(
                default=django.utils.timezone.now, editable=False, verbose_name="updated at"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="riskmodel",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False, verbose_name="version"),
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
                    ("ownership_changed", "Ownership changed"),
                    ("rules_changed", "Rules changed"),
                    ("reactivated", "Awake again"),
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
                    ("ownership_changed", "Ownership changed"),
                    ("rules_changed", "Rules changed"),
                    ("reactivated", "Awake again"),
                    ("request", "Opened by hand"),
                ],
                max_length=20,
                verbose_name="opened because",
            ),
        ),
        migrations.AlterField(
            model_name="riskmodel",
            name="created_at",
            field=models.DateTimeField(db_index=True, editable=False, verbose_name="created at"),
        ),
        migrations.AlterField(
            model_name="riskmodel",
            name="number",
            field=models.PositiveIntegerField(editable=False, unique=True, verbose_name="version"),
        ),
        migrations.RunPython(second_model, migrations.RunPython.noop),
        pgtrigger.migrations.AddTrigger(
            model_name="case",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."application_id" IS DISTINCT FROM (NEW."application_id") OR OLD."asked" IS DISTINCT FROM (NEW."asked") OR OLD."assignee_id" IS DISTINCT FROM (NEW."assignee_id") OR OLD."because" IS DISTINCT FROM (NEW."because") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."customer_id" IS DISTINCT FROM (NEW."customer_id") OR OLD."due_at" IS DISTINCT FROM (NEW."due_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."opening_event" IS DISTINCT FROM (NEW."opening_event") OR OLD."risk" IS DISTINCT FROM (NEW."risk") OR OLD."round" IS DISTINCT FROM (NEW."round") OR OLD."top_score" IS DISTINCT FROM (NEW."top_score") OR OLD."trigger" IS DISTINCT FROM (NEW."trigger"))',
                    func='INSERT INTO "kyc_case_history" ("application_id", "asked", "assignee_id", "because", "created_at", "customer_id", "due_at", "id", "opening_event", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "risk", "round", "state", "state_since", "top_score", "trigger", "updated_at", "version") VALUES (OLD."application_id", OLD."asked", OLD."assignee_id", OLD."because", OLD."created_at", OLD."customer_id", OLD."due_at", OLD."id", OLD."opening_event", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', OLD."id", OLD."risk", OLD."round", OLD."state", OLD."state_since", OLD."top_score", OLD."trigger", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="772c365ba68d6b377de8ea017ecd5c4376b27516",
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
                    func='INSERT INTO "kyc_case_history" ("application_id", "asked", "assignee_id", "because", "created_at", "customer_id", "due_at", "id", "opening_event", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "risk", "round", "state", "state_since", "top_score", "trigger", "updated_at", "version") VALUES (OLD."application_id", OLD."asked", OLD."assignee_id", OLD."because", OLD."created_at", OLD."customer_id", OLD."due_at", OLD."id", OLD."opening_event", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."risk", OLD."round", OLD."state", OLD."state_since", OLD."top_score", OLD."trigger", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="52330048ee04620398cf38e4213fe1b566e74e61",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_78f49",
                    table="kyc_case",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="riskmodel",
            trigger=pgtrigger.compiler.Trigger(
                name="state_machine",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.state NOT IN ('DRAFT', 'IN_FORCE', 'RETIRED') THEN\n                    RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            ELSIF NEW.state IS DISTINCT FROM OLD.state THEN\n                IF (OLD.state, NEW.state) NOT IN (('DRAFT', 'PENDING'), ('IN_FORCE', 'RETIRED'), ('PENDING', 'DRAFT'), ('PENDING', 'IN_FORCE')) THEN\n                    RAISE EXCEPTION '% cannot go from % to %',\n                        TG_TABLE_NAME, OLD.state, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                IF NEW.version <> OLD.version + 1 THEN\n                    RAISE EXCEPTION '% changes its state through its life-cycle only',\n                        TG_TABLE_NAME USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="cbf2c41afd17f884e2194ea06e7ef666f353060b",
                    operation='INSERT OR UPDATE OF "state"',
                    pgid="pgtrigger_state_machine_2e8cb",
                    table="kyc_riskmodel",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="riskmodel",
            trigger=pgtrigger.compiler.Trigger(
                name="own_begins_as_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.origin = 'own' AND NEW.state <> 'DRAFT')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;",
                    hash="67a427d05cabb1345605b9e3558bed193decb2f2",
                    operation="INSERT",
                    pgid="pgtrigger_own_begins_as_draft_3d59e",
                    table="kyc_riskmodel",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="riskmodel",
            trigger=pgtrigger.compiler.Trigger(
                name="model_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.state IN ('PENDING', 'IN_FORCE', 'RETIRED') AND (OLD.number, OLD.factors, OLD.levels, OLD.diligence, OLD.back_test, OLD.origin) IS DISTINCT FROM (NEW.number, NEW.factors, NEW.levels, NEW.diligence, NEW.back_test, NEW.origin))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="2d0e89b1e8f16021d664185ab26660e516e250d2",
                    operation="UPDATE",
                    pgid="pgtrigger_model_stays_5bc99",
                    table="kyc_riskmodel",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="riskmodel",
            trigger=pgtrigger.compiler.Trigger(
                name="model_never_goes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.state IN ('IN_FORCE', 'RETIRED'))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="3da887736f75491cd36aa643809958c86ff4bd28",
                    operation="DELETE",
                    pgid="pgtrigger_model_never_goes_cbb8d",
                    table="kyc_riskmodel",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="riskmodel",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "IN_FORCE")),
                fields=("state",),
                name="risk_model_one_in_force",
            ),
        ),
        migrations.AddConstraint(
            model_name="riskmodel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["DRAFT", "PENDING"]),
                    ("in_force_from__isnull", False),
                    _connector="OR",
                ),
                name="risk_model_in_force_since",
            ),
        ),
        migrations.AddConstraint(
            model_name="riskmodel",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("in_force_until__isnull", True),
                    ("in_force_until__gte", models.F("in_force_from")),
                    _connector="OR",
                ),
                name="risk_model_period",
            ),
        ),
        migrations.AddField(
            model_name="filegap",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="+",
                to="customers.customer",
            ),
        ),
        migrations.AddIndex(
            model_name="filegap",
            index=models.Index(fields=["code", "id"], name="gap_by_code"),
        ),
        migrations.AddConstraint(
            model_name="filegap",
            constraint=models.UniqueConstraint(fields=("customer", "code"), name="gap_once"),
        ),
    ]
