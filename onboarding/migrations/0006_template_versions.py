"""Templates go through drafts and four eyes; six kinds of customers have one each."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pgtrigger.compiler
import pgtrigger.migrations
import yaml
from django.db import migrations, models

import clm.core.lifecycle.table

SEED = Path(__file__).resolve().parent.parent / "seed"
FROM = datetime(2020, 1, 1, tzinfo=UTC)
SHIPPED = {
    "private_person": 3,
    "young_person": 1,
    "sole_trader": 1,
    "limited_company": 3,
    "start_up": 1,
    "association": 1,
}


def shipped_templates(apps: Any, schema_editor: Any) -> None:
    """What was shipped before makes room for versions that know conditions and risk levels."""
    template = apps.get_model("onboarding", "ApplicationTemplate")
    template.objects.update(state="RETIRED", origin="shipped", valid_to=date(2020, 1, 1))
    for kind, number in SHIPPED.items():
        read = yaml.safe_load((SEED / f"{kind}_{number}.yaml").read_text(encoding="utf-8"))
        template.objects.get_or_create(
            kind=kind,
            number=number,
            defaults={
                "name": read["name"],
                "data": read["content"],
                "state": "IN_FORCE",
                "origin": "shipped",
                "valid_from": date(2020, 1, 1),
                "created_at": FROM,
                "updated_at": FROM,
            },
        )


class Migration(migrations.Migration):
    dependencies = [
        ("onboarding", "0005_proofs_of_identity"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="applicationtemplate",
            options={
                "ordering": ["kind", "-number"],
                "permissions": [
                    ("approve_applicationtemplate", "Can put an application template in force")
                ],
                "verbose_name": "application template",
                "verbose_name_plural": "application templates",
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="applicationtask",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="applicationtask",
            name="delete_delete",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="applicationtemplate",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="applicationtemplate",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="applicationtask",
            name="applies",
            field=models.BooleanField(default=True, verbose_name="asked"),
        ),
        migrations.AddField(
            model_name="applicationtaskhistory",
            name="applies",
            field=models.BooleanField(default=True, verbose_name="asked"),
        ),
        migrations.AddField(
            model_name="applicationtemplate",
            name="note",
            field=models.CharField(blank=True, max_length=300, verbose_name="what changes and why"),
        ),
        migrations.AddField(
            model_name="applicationtemplate",
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
            model_name="applicationtemplate",
            name="simulation",
            field=models.JSONField(blank=True, default=dict, editable=False, verbose_name="trial"),
        ),
        migrations.AddField(
            model_name="applicationtemplate",
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
            model_name="applicationtemplatehistory",
            name="note",
            field=models.CharField(blank=True, max_length=300, verbose_name="what changes and why"),
        ),
        migrations.AddField(
            model_name="applicationtemplatehistory",
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
            model_name="applicationtemplatehistory",
            name="simulation",
            field=models.JSONField(blank=True, default=dict, editable=False, verbose_name="trial"),
        ),
        migrations.AddField(
            model_name="applicationtemplatehistory",
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
        migrations.AlterField(
            model_name="applicationtemplate",
            name="kind",
            field=models.CharField(
                choices=[
                    ("private_person", "Private person"),
                    ("young_person", "Young person with guardian"),
                    ("sole_trader", "Sole trader"),
                    ("limited_company", "Limited company"),
                    ("start_up", "Start-up"),
                    ("association", "Association"),
                ],
                max_length=32,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="applicationtemplate",
            name="valid_from",
            field=models.DateField(blank=True, null=True, verbose_name="valid from"),
        ),
        migrations.AlterField(
            model_name="applicationtemplatehistory",
            name="kind",
            field=models.CharField(
                choices=[
                    ("private_person", "Private person"),
                    ("young_person", "Young person with guardian"),
                    ("sole_trader", "Sole trader"),
                    ("limited_company", "Limited company"),
                    ("start_up", "Start-up"),
                    ("association", "Association"),
                ],
                max_length=32,
                verbose_name="kind",
            ),
        ),
        migrations.AlterField(
            model_name="applicationtemplatehistory",
            name="valid_from",
            field=models.DateField(blank=True, null=True, verbose_name="valid from"),
        ),
        migrations.RunPython(shipped_templates, migrations.RunPython.noop),
        pgtrigger.migrations.AddTrigger(
            model_name="applicationtask",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."answers" IS DISTINCT FROM (NEW."answers") OR OLD."application_id" IS DISTINCT FROM (NEW."application_id") OR OLD."applies" IS DISTINCT FROM (NEW."applies") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."done_at" IS DISTINCT FROM (NEW."done_at") OR OLD."due_at" IS DISTINCT FROM (NEW."due_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."position" IS DISTINCT FROM (NEW."position") OR OLD."required" IS DISTINCT FROM (NEW."required") OR OLD."step" IS DISTINCT FROM (NEW."step"))',
                    func='INSERT INTO "onboarding_applicationtask_history" ("answers", "application_id", "applies", "created_at", "done_at", "due_at", "id", "key", "kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "required", "step", "updated_at", "version") VALUES (OLD."answers", OLD."application_id", OLD."applies", OLD."created_at", OLD."done_at", OLD."due_at", OLD."id", OLD."key", OLD."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', OLD."id", OLD."position", OLD."required", OLD."step", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="77fc0d0998289ba0bd8b793b24c6533e699aa321",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_af63f",
                    table="onboarding_applicationtask",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="applicationtask",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "onboarding_applicationtask_history" ("answers", "application_id", "applies", "created_at", "done_at", "due_at", "id", "key", "kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "required", "step", "updated_at", "version") VALUES (OLD."answers", OLD."application_id", OLD."applies", OLD."created_at", OLD."done_at", OLD."due_at", OLD."id", OLD."key", OLD."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."position", OLD."required", OLD."step", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="19fce45b511e60e22a3b668a0e9d7bcb61c55020",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_40a32",
                    table="onboarding_applicationtask",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="applicationtemplate",
            trigger=pgtrigger.compiler.Trigger(
                name="state_machine",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.state NOT IN ('DRAFT', 'IN_FORCE', 'RETIRED') THEN\n                    RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            ELSIF NEW.state IS DISTINCT FROM OLD.state THEN\n                IF (OLD.state, NEW.state) NOT IN (('DRAFT', 'PENDING'), ('IN_FORCE', 'RETIRED'), ('PENDING', 'DRAFT'), ('PENDING', 'IN_FORCE')) THEN\n                    RAISE EXCEPTION '% cannot go from % to %',\n                        TG_TABLE_NAME, OLD.state, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                IF NEW.version <> OLD.version + 1 THEN\n                    RAISE EXCEPTION '% changes its state through its life-cycle only',\n                        TG_TABLE_NAME USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="853670f9fc43bd14d20665849ef3ccadbb70f7f1",
                    operation='INSERT OR UPDATE OF "state"',
                    pgid="pgtrigger_state_machine_270d4",
                    table="onboarding_applicationtemplate",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="applicationtemplate",
            trigger=pgtrigger.compiler.Trigger(
                name="own_begins_as_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.origin = 'own' AND NEW.state <> 'DRAFT')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;",
                    hash="3642376e17fe9c0b4b7c772b301941c7c86261e9",
                    operation="INSERT",
                    pgid="pgtrigger_own_begins_as_draft_b5bc0",
                    table="onboarding_applicationtemplate",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="applicationtemplate",
            trigger=pgtrigger.compiler.Trigger(
                name="template_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.state IN ('PENDING', 'IN_FORCE', 'RETIRED') AND (OLD.kind, OLD.number, OLD.name, OLD.data, OLD.simulation, OLD.origin) IS DISTINCT FROM (NEW.kind, NEW.number, NEW.name, NEW.data, NEW.simulation, NEW.origin))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="abd3fa2bd10c68acc4da07aace67480b91932088",
                    operation="UPDATE",
                    pgid="pgtrigger_template_stays_b3432",
                    table="onboarding_applicationtemplate",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="applicationtemplate",
            trigger=pgtrigger.compiler.Trigger(
                name="template_never_goes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.state IN ('IN_FORCE', 'RETIRED'))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="4eab4f1fbf60949d831126c829e0f67080eee6a5",
                    operation="DELETE",
                    pgid="pgtrigger_template_never_goes_a999f",
                    table="onboarding_applicationtemplate",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="applicationtemplate",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."data" IS DISTINCT FROM (NEW."data") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."origin" IS DISTINCT FROM (NEW."origin") OR OLD."simulation" IS DISTINCT FROM (NEW."simulation") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."valid_to" IS DISTINCT FROM (NEW."valid_to"))',
                    func='INSERT INTO "onboarding_applicationtemplate_history" ("created_at", "data", "id", "kind", "name", "note", "number", "origin", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "simulation", "state", "updated_at", "valid_from", "valid_to", "version") VALUES (OLD."created_at", OLD."data", OLD."id", OLD."kind", OLD."name", OLD."note", OLD."number", OLD."origin", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', OLD."id", OLD."simulation", OLD."state", OLD."updated_at", OLD."valid_from", OLD."valid_to", OLD."version"); RETURN NULL;',
                    hash="b384336c82600c74aafabef804cfaa2d35b7f87c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_4f9cb",
                    table="onboarding_applicationtemplate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="applicationtemplate",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "onboarding_applicationtemplate_history" ("created_at", "data", "id", "kind", "name", "note", "number", "origin", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "simulation", "state", "updated_at", "valid_from", "valid_to", "version") VALUES (OLD."created_at", OLD."data", OLD."id", OLD."kind", OLD."name", OLD."note", OLD."number", OLD."origin", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."simulation", OLD."state", OLD."updated_at", OLD."valid_from", OLD."valid_to", OLD."version"); RETURN NULL;',
                    hash="caea2eb1bec5ba56fa9381515d3c1c5f7a404aa3",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_aba57",
                    table="onboarding_applicationtemplate",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="applicationtemplate",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "IN_FORCE")),
                fields=("kind",),
                name="template_one_in_force",
            ),
        ),
        migrations.AddConstraint(
            model_name="applicationtemplate",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["DRAFT", "PENDING"]),
                    ("valid_from__isnull", False),
                    _connector="OR",
                ),
                name="template_in_force_since",
            ),
        ),
    ]
