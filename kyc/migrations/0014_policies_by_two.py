"""A policy is published by a second person; of those published before, the newest of each stands."""

import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import clm.core.lifecycle.table


class Migration(migrations.Migration):
    dependencies = [
        ("kyc", "0013_doubts_in_any_language"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="policytext",
            options={
                "permissions": [
                    ("view_culture", "Can see compliance culture and early warning"),
                    ("approve_policytext", "Can publish a policy that another person wrote"),
                ],
                "verbose_name": "policy",
                "verbose_name_plural": "policies",
            },
        ),
        migrations.AddField(
            model_name="policytext",
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
        migrations.RunSQL(
            """
            UPDATE kyc_policytext one SET state = CASE WHEN one.number = (
                SELECT max(number) FROM kyc_policytext other WHERE other.code = one.code
            ) THEN 'IN_FORCE' ELSE 'RETIRED' END
            """,
            migrations.RunSQL.noop,
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="policytext",
            trigger=pgtrigger.compiler.Trigger(
                name="state_machine",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.state NOT IN ('DRAFT') THEN\n                    RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            ELSIF NEW.state IS DISTINCT FROM OLD.state THEN\n                IF (OLD.state, NEW.state) NOT IN (('DRAFT', 'PENDING'), ('DRAFT', 'RETIRED'), ('IN_FORCE', 'RETIRED'), ('PENDING', 'DRAFT'), ('PENDING', 'IN_FORCE'), ('PENDING', 'RETIRED')) THEN\n                    RAISE EXCEPTION '% cannot go from % to %',\n                        TG_TABLE_NAME, OLD.state, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                IF NEW.version <> OLD.version + 1 THEN\n                    RAISE EXCEPTION '% changes its state through its life-cycle only',\n                        TG_TABLE_NAME USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="2ec221e56a7aad23323e5d551ff7c7c9e222aab6",
                    operation='INSERT OR UPDATE OF "state"',
                    pgid="pgtrigger_state_machine_58bd9",
                    table="kyc_policytext",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="policytext",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state", "IN_FORCE")),
                fields=("code",),
                name="policy_one_in_force",
            ),
        ),
    ]
