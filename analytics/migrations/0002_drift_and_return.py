"""Readings of drift, the main reason beside each score, and the way back for a retired model."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import clm.core.ids


class Migration(migrations.Migration):
    dependencies = [
        ("analytics", "0001_baseline"),
        ("customers", "0004_documents"),
    ]

    operations = [
        migrations.CreateModel(
            name="DriftReading",
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
                    "model_version",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="readings",
                        to="analytics.modelversion",
                        verbose_name="model",
                    ),
                ),
                ("on", models.DateField(verbose_name="on")),
                ("rows", models.PositiveIntegerField(default=0, verbose_name="customers")),
                ("counts", models.JSONField(default=dict, verbose_name="counts by feature")),
                ("flagged", models.JSONField(default=dict, verbose_name="at risk by group")),
            ],
            options={
                "verbose_name": "drift reading",
                "verbose_name_plural": "drift readings",
                "constraints": [
                    models.UniqueConstraint(fields=("model_version", "on"), name="drift_once_a_day")
                ],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="modelversion",
            name="state_machine",
        ),
        migrations.AddField(
            model_name="churnscore",
            name="main_reason",
            field=models.CharField(blank=True, max_length=60, verbose_name="main reason"),
        ),
        migrations.AlterField(
            model_name="churnscore",
            name="created_at",
            field=models.DateTimeField(editable=False, verbose_name="created at"),
        ),
        migrations.AlterField(
            model_name="churnscore",
            name="customer",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="churn_scores",
                to="customers.customer",
                verbose_name="customer",
            ),
        ),
        migrations.AlterField(
            model_name="churnscore",
            name="model_version",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="scores",
                to="analytics.modelversion",
                verbose_name="model",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="modelversion",
            trigger=pgtrigger.compiler.Trigger(
                name="state_machine",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.state NOT IN ('DRAFT') THEN\n                    RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            ELSIF NEW.state IS DISTINCT FROM OLD.state THEN\n                IF (OLD.state, NEW.state) NOT IN (('APPROVED', 'RETIRED'), ('DRAFT', 'PROPOSED'), ('PROPOSED', 'APPROVED'), ('PROPOSED', 'DRAFT'), ('RETIRED', 'PROPOSED')) THEN\n                    RAISE EXCEPTION '% cannot go from % to %',\n                        TG_TABLE_NAME, OLD.state, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                IF NEW.version <> OLD.version + 1 THEN\n                    RAISE EXCEPTION '% changes its state through its life-cycle only',\n                        TG_TABLE_NAME USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="5e7da4bc5d62c410e0dfbb38f32c83cdf64fa044",
                    operation='INSERT OR UPDATE OF "state"',
                    pgid="pgtrigger_state_machine_4339c",
                    table="analytics_modelversion",
                    when="BEFORE",
                ),
            ),
        ),
    ]
