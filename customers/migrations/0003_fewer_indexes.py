"""Customers and identifiers with fewer indexes, and a birth that is looked at after the rows."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_event_log"),
        ("customers", "0002_transactions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        pgtrigger.migrations.RemoveTrigger(
            model_name="customer",
            name="state_machine",
        ),
        migrations.RemoveConstraint(
            model_name="identifier",
            name="identifier_once",
        ),
        migrations.RemoveIndex(
            model_name="identifier",
            name="identifier_index",
        ),
        migrations.AlterField(
            model_name="customer",
            name="adviser",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="adviser",
            ),
        ),
        migrations.AlterField(
            model_name="customer",
            name="branch",
            field=models.ForeignKey(
                blank=True,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.branch",
                verbose_name="branch",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customer",
            trigger=pgtrigger.compiler.Trigger(
                name="state_machine",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF NEW.stage IS DISTINCT FROM OLD.stage THEN\n                IF (OLD.stage, NEW.stage) NOT IN (('ACTIVE', 'AT_RISK'), ('ACTIVE', 'DORMANT'), ('ACTIVE', 'OFFBOARDING'), ('AT_RISK', 'ACTIVE'), ('AT_RISK', 'DORMANT'), ('AT_RISK', 'OFFBOARDING'), ('CLOSED', 'ERASED'), ('CLOSED', 'PROSPECT'), ('DECLINED', 'ERASED'), ('DECLINED', 'PROSPECT'), ('DORMANT', 'ACTIVE'), ('DORMANT', 'OFFBOARDING'), ('OFFBOARDING', 'ACTIVE'), ('OFFBOARDING', 'CLOSED'), ('ONBOARDING', 'ACTIVE'), ('ONBOARDING', 'DECLINED'), ('ONBOARDING', 'WITHDRAWN'), ('PROSPECT', 'DECLINED'), ('PROSPECT', 'ONBOARDING'), ('PROSPECT', 'WITHDRAWN'), ('UNADMITTED', 'ACTIVE'), ('WITHDRAWN', 'ERASED'), ('WITHDRAWN', 'PROSPECT')) THEN\n                    RAISE EXCEPTION '% cannot go from % to %',\n                        TG_TABLE_NAME, OLD.stage, NEW.stage\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                IF NEW.version <> OLD.version + 1 THEN\n                    RAISE EXCEPTION '% changes its state through its life-cycle only',\n                        TG_TABLE_NAME USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="324c0a9f2240d6d94c1d3d2374bebe97f984af5b",
                    operation='UPDATE OF "stage"',
                    pgid="pgtrigger_state_machine_d5b95",
                    table="customers_customer",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customer",
            trigger=pgtrigger.compiler.Trigger(
                name="state_birth",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.stage NOT IN ('PROSPECT', 'UNADMITTED'))",
                    func="\n            RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.stage\n                USING ERRCODE = 'check_violation';\n        ",
                    hash="21a1139790bd1e9e8444534758ca802a97fae16f",
                    operation="INSERT",
                    pgid="pgtrigger_state_birth_3c9c7",
                    table="customers_customer",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="identifier",
            constraint=models.UniqueConstraint(
                fields=("index", "kind", "country"), name="identifier_once"
            ),
        ),
    ]
