"""Everything up to the first release, in one step; see decision 0012."""

import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import clm.core.ids
import clm.core.lifecycle.table


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("analytics", "0001_initial"),
        ("analytics", "0002_history"),
    ]

    dependencies = [
        ("customers", "0001_baseline"),
    ]

    operations = [
        migrations.CreateModel(
            name="ModelVersion",
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
                            ("PROPOSED", "Awaiting approval"),
                            ("APPROVED", "In use"),
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
                ("name", models.CharField(max_length=40, verbose_name="model")),
                ("number", models.PositiveIntegerField(verbose_name="version number")),
                ("algorithm", models.CharField(max_length=120, verbose_name="algorithm")),
                ("features", models.JSONField(verbose_name="features")),
                ("data_hash", models.CharField(max_length=64, verbose_name="digest of the data")),
                ("data_until", models.DateField(blank=True, null=True, verbose_name="data until")),
                ("metrics", models.JSONField(verbose_name="figures, out of fold")),
                ("card", models.JSONField(verbose_name="model card")),
                ("file", models.CharField(editable=False, max_length=255)),
                ("file_hash", models.CharField(editable=False, max_length=64)),
            ],
            options={
                "verbose_name": "model version",
                "verbose_name_plural": "model versions",
                "permissions": [
                    ("train_model", "Can train a model"),
                    ("approve_model", "Can approve a model"),
                    ("score_customers", "Can start scoring"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("name", "number"), name="model_version_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "APPROVED")),
                        fields=("name",),
                        name="model_one_in_use",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChurnScore",
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
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="churn_scores",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                ("scored_on", models.DateField(verbose_name="scored on")),
                ("probability", models.FloatField(verbose_name="probability")),
                (
                    "band",
                    models.CharField(
                        choices=[("low", "Low"), ("medium", "Medium"), ("high", "High")],
                        max_length=6,
                        verbose_name="band",
                    ),
                ),
                ("reasons", models.JSONField(default=list, verbose_name="reasons")),
                ("base", models.FloatField(verbose_name="probability without reasons")),
                (
                    "model_version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="scores",
                        to="analytics.modelversion",
                        verbose_name="model",
                    ),
                ),
            ],
            options={
                "verbose_name": "churn score",
                "verbose_name_plural": "churn scores",
                "indexes": [
                    models.Index(fields=["scored_on", "-probability"], name="churn_score_day")
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("customer", "scored_on"), name="churn_score_once_a_day"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("probability__gte", 0), ("probability__lte", 1)),
                        name="churn_probability_range",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ModelVersionHistory",
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
                        to="analytics.modelversion",
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
                            ("DRAFT", "Draft"),
                            ("PROPOSED", "Awaiting approval"),
                            ("APPROVED", "In use"),
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
                ("name", models.CharField(max_length=40, verbose_name="model")),
                ("number", models.PositiveIntegerField(verbose_name="version number")),
                ("algorithm", models.CharField(max_length=120, verbose_name="algorithm")),
                ("features", models.JSONField(verbose_name="features")),
                ("data_hash", models.CharField(max_length=64, verbose_name="digest of the data")),
                ("data_until", models.DateField(blank=True, null=True, verbose_name="data until")),
                ("metrics", models.JSONField(verbose_name="figures, out of fold")),
                ("card", models.JSONField(verbose_name="model card")),
                ("file", models.CharField(editable=False, max_length=255)),
                ("file_hash", models.CharField(editable=False, max_length=64)),
            ],
            options={
                "db_table": "analytics_modelversion_history",
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="modelversion",
            trigger=pgtrigger.compiler.Trigger(
                name="state_machine",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.state NOT IN ('DRAFT') THEN\n                    RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            ELSIF NEW.state IS DISTINCT FROM OLD.state THEN\n                IF (OLD.state, NEW.state) NOT IN (('APPROVED', 'RETIRED'), ('DRAFT', 'PROPOSED'), ('PROPOSED', 'APPROVED'), ('PROPOSED', 'DRAFT')) THEN\n                    RAISE EXCEPTION '% cannot go from % to %',\n                        TG_TABLE_NAME, OLD.state, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                IF NEW.version <> OLD.version + 1 THEN\n                    RAISE EXCEPTION '% changes its state through its life-cycle only',\n                        TG_TABLE_NAME USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="866109f8f3cbcac4b8a0b2d2d160848e416dfb8a",
                    operation='INSERT OR UPDATE OF "state"',
                    pgid="pgtrigger_state_machine_4339c",
                    table="analytics_modelversion",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="modelversion",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."algorithm" IS DISTINCT FROM (NEW."algorithm") OR OLD."card" IS DISTINCT FROM (NEW."card") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."data_hash" IS DISTINCT FROM (NEW."data_hash") OR OLD."data_until" IS DISTINCT FROM (NEW."data_until") OR OLD."features" IS DISTINCT FROM (NEW."features") OR OLD."file" IS DISTINCT FROM (NEW."file") OR OLD."file_hash" IS DISTINCT FROM (NEW."file_hash") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."metrics" IS DISTINCT FROM (NEW."metrics") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."number" IS DISTINCT FROM (NEW."number"))',
                    func='INSERT INTO "analytics_modelversion_history" ("algorithm", "card", "created_at", "data_hash", "data_until", "features", "file", "file_hash", "id", "metrics", "name", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "updated_at", "version") VALUES (OLD."algorithm", OLD."card", OLD."created_at", OLD."data_hash", OLD."data_until", OLD."features", OLD."file", OLD."file_hash", OLD."id", OLD."metrics", OLD."name", OLD."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', OLD."id", OLD."state", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="36ad672ab54a2602e696098f971e672abc71899c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c6370",
                    table="analytics_modelversion",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="modelversion",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "analytics_modelversion_history" ("algorithm", "card", "created_at", "data_hash", "data_until", "features", "file", "file_hash", "id", "metrics", "name", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "state", "updated_at", "version") VALUES (OLD."algorithm", OLD."card", OLD."created_at", OLD."data_hash", OLD."data_until", OLD."features", OLD."file", OLD."file_hash", OLD."id", OLD."metrics", OLD."name", OLD."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."state", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="2efa533f193c0bfc5e2f4c304a36bc2051eb0b70",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_1c728",
                    table="analytics_modelversion",
                    when="AFTER",
                ),
            ),
        ),
    ]
