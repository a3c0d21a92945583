"""Everything up to the first release, in one step; see decision 0012."""

from decimal import Decimal

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
        ("retention", "0001_initial"),
        ("retention", "0003_history"),
        ("retention", "0004_mood"),
    ]

    dependencies = [
        ("core", "0001_baseline"),
        ("customers", "0001_baseline"),
    ]

    operations = [
        migrations.CreateModel(
            name="Playbook",
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
                    "reason",
                    models.CharField(
                        choices=[
                            ("fee", "Price and fees"),
                            ("salary", "Income moved away"),
                            ("activity", "Uses the bank less"),
                            ("contact", "Nobody has been in touch"),
                            ("service", "Unhappy with the service"),
                            ("products", "Few or closing products"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                        unique=True,
                        verbose_name="reason",
                    ),
                ),
                (
                    "features",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="features",
                    ),
                ),
                ("texts", models.JSONField(verbose_name="texts")),
                ("offer_kind", models.CharField(max_length=40, verbose_name="kind of offer")),
                (
                    "budget",
                    models.DecimalField(decimal_places=2, max_digits=12, verbose_name="budget"),
                ),
                (
                    "currency",
                    models.CharField(default="DKK", max_length=3, verbose_name="currency"),
                ),
            ],
            options={
                "verbose_name": "playbook",
                "verbose_name_plural": "playbooks",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("budget__gte", 0)),
                        name="playbook_budget_not_negative",
                        violation_error_message="A budget cannot be negative.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="PlaybookHistory",
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
                        to="retention.playbook",
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
                    "reason",
                    models.CharField(
                        choices=[
                            ("fee", "Price and fees"),
                            ("salary", "Income moved away"),
                            ("activity", "Uses the bank less"),
                            ("contact", "Nobody has been in touch"),
                            ("service", "Unhappy with the service"),
                            ("products", "Few or closing products"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                        verbose_name="reason",
                    ),
                ),
                (
                    "features",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=60),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="features",
                    ),
                ),
                ("texts", models.JSONField(verbose_name="texts")),
                ("offer_kind", models.CharField(max_length=40, verbose_name="kind of offer")),
                (
                    "budget",
                    models.DecimalField(decimal_places=2, max_digits=12, verbose_name="budget"),
                ),
                (
                    "currency",
                    models.CharField(default="DKK", max_length=3, verbose_name="currency"),
                ),
            ],
            options={
                "db_table": "retention_playbook_history",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SaveCase",
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
                            ("FLAGGED", "Flagged"),
                            ("ASSIGNED", "Assigned"),
                            ("CONTACTED", "Contacted"),
                            ("OFFERED", "Offer made"),
                            ("SAVED", "Saved"),
                            ("LOST", "Lost"),
                            ("FALSE_ALARM", "False alarm"),
                        ],
                        db_index=True,
                        default="FLAGGED",
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
                        related_name="save_cases",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "reason_code",
                    models.CharField(
                        choices=[
                            ("fee", "Price and fees"),
                            ("salary", "Income moved away"),
                            ("activity", "Uses the bank less"),
                            ("contact", "Nobody has been in touch"),
                            ("service", "Unhappy with the service"),
                            ("products", "Few or closing products"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                        verbose_name="main reason",
                    ),
                ),
                ("reasons", models.JSONField(blank=True, default=list, verbose_name="reasons")),
                (
                    "probability",
                    models.FloatField(
                        blank=True, null=True, verbose_name="churn risk when flagged"
                    ),
                ),
                (
                    "value",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="value at stake",
                    ),
                ),
                (
                    "playbook",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="cases",
                        to="retention.playbook",
                        verbose_name="playbook",
                    ),
                ),
                (
                    "budget",
                    models.DecimalField(
                        decimal_places=2, default=Decimal(0), max_digits=12, verbose_name="budget"
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        default="DKK", editable=False, max_length=3, verbose_name="currency"
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
                    "offer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.offer",
                        verbose_name="offer",
                    ),
                ),
                (
                    "state_since",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="in this state since"
                    ),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="contact due")),
                (
                    "contacted_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="spoken with"
                    ),
                ),
                (
                    "interaction_id",
                    models.UUIDField(
                        blank=True, editable=False, null=True, verbose_name="conversation"
                    ),
                ),
                (
                    "wants_to_leave",
                    models.BooleanField(default=False, verbose_name="the customer asked to close"),
                ),
                (
                    "review_30_on",
                    models.DateField(
                        editable=False, null=True, verbose_name="look again after 30 days"
                    ),
                ),
                (
                    "review_90_on",
                    models.DateField(
                        editable=False, null=True, verbose_name="look again after 90 days"
                    ),
                ),
                (
                    "outcome_30",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not known yet"),
                            ("stayed", "Still a customer"),
                            ("left", "Left"),
                        ],
                        editable=False,
                        max_length=6,
                        verbose_name="after 30 days",
                    ),
                ),
                (
                    "outcome_90",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not known yet"),
                            ("stayed", "Still a customer"),
                            ("left", "Left"),
                        ],
                        editable=False,
                        max_length=6,
                        verbose_name="after 90 days",
                    ),
                ),
                (
                    "origin_id",
                    models.UUIDField(
                        blank=True, editable=False, null=True, unique=True, verbose_name="origin"
                    ),
                ),
            ],
            options={
                "verbose_name": "save case",
                "verbose_name_plural": "save cases",
                "indexes": [
                    models.Index(fields=["state", "due_at"], name="save_case_queue"),
                    models.Index(fields=["owner", "state"], name="save_case_owner"),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(
                            ("state__in", ["SAVED", "LOST", "FALSE_ALARM"]), _negated=True
                        ),
                        fields=("customer",),
                        name="save_case_open_once",
                        violation_error_message="This customer has an open save case already.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SaveCaseHistory",
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
                        to="retention.savecase",
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
                            ("FLAGGED", "Flagged"),
                            ("ASSIGNED", "Assigned"),
                            ("CONTACTED", "Contacted"),
                            ("OFFERED", "Offer made"),
                            ("SAVED", "Saved"),
                            ("LOST", "Lost"),
                            ("FALSE_ALARM", "False alarm"),
                        ],
                        db_index=True,
                        default="FLAGGED",
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
                    "reason_code",
                    models.CharField(
                        choices=[
                            ("fee", "Price and fees"),
                            ("salary", "Income moved away"),
                            ("activity", "Uses the bank less"),
                            ("contact", "Nobody has been in touch"),
                            ("service", "Unhappy with the service"),
                            ("products", "Few or closing products"),
                            ("other", "Other"),
                        ],
                        max_length=10,
                        verbose_name="main reason",
                    ),
                ),
                ("reasons", models.JSONField(blank=True, default=list, verbose_name="reasons")),
                (
                    "probability",
                    models.FloatField(
                        blank=True, null=True, verbose_name="churn risk when flagged"
                    ),
                ),
                (
                    "value",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="value at stake",
                    ),
                ),
                (
                    "playbook",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="retention.playbook",
                        verbose_name="playbook",
                    ),
                ),
                (
                    "budget",
                    models.DecimalField(
                        decimal_places=2, default=Decimal(0), max_digits=12, verbose_name="budget"
                    ),
                ),
                (
                    "currency",
                    models.CharField(
                        default="DKK", editable=False, max_length=3, verbose_name="currency"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="owner",
                    ),
                ),
                (
                    "offer",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="customers.offer",
                        verbose_name="offer",
                    ),
                ),
                (
                    "state_since",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="in this state since"
                    ),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="contact due")),
                (
                    "contacted_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="spoken with"
                    ),
                ),
                (
                    "interaction_id",
                    models.UUIDField(
                        blank=True, editable=False, null=True, verbose_name="conversation"
                    ),
                ),
                (
                    "wants_to_leave",
                    models.BooleanField(default=False, verbose_name="the customer asked to close"),
                ),
                (
                    "review_30_on",
                    models.DateField(
                        editable=False, null=True, verbose_name="look again after 30 days"
                    ),
                ),
                (
                    "review_90_on",
                    models.DateField(
                        editable=False, null=True, verbose_name="look again after 90 days"
                    ),
                ),
                (
                    "outcome_30",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not known yet"),
                            ("stayed", "Still a customer"),
                            ("left", "Left"),
                        ],
                        editable=False,
                        max_length=6,
                        verbose_name="after 30 days",
                    ),
                ),
                (
                    "outcome_90",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not known yet"),
                            ("stayed", "Still a customer"),
                            ("left", "Left"),
                        ],
                        editable=False,
                        max_length=6,
                        verbose_name="after 90 days",
                    ),
                ),
                (
                    "origin_id",
                    models.UUIDField(blank=True, editable=False, null=True, verbose_name="origin"),
                ),
            ],
            options={
                "db_table": "retention_savecase_history",
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="playbook",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."budget" IS DISTINCT FROM (NEW."budget") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."features" IS DISTINCT FROM (NEW."features") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."offer_kind" IS DISTINCT FROM (NEW."offer_kind") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."texts" IS DISTINCT FROM (NEW."texts"))',
                    func='INSERT INTO "retention_playbook_history" ("budget", "created_at", "currency", "features", "id", "offer_kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "texts", "updated_at", "version") VALUES (OLD."budget", OLD."created_at", OLD."currency", OLD."features", OLD."id", OLD."offer_kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', OLD."id", OLD."reason", OLD."texts", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="47ed506365c6bbd558f10a178ad4407909ec3c2f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_f35d4",
                    table="retention_playbook",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="playbook",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "retention_playbook_history" ("budget", "created_at", "currency", "features", "id", "offer_kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "texts", "updated_at", "version") VALUES (OLD."budget", OLD."created_at", OLD."currency", OLD."features", OLD."id", OLD."offer_kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."reason", OLD."texts", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="01f08581e161ef998cbfffde2569cf04ad0edcfc",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_1b106",
                    table="retention_playbook",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="savecase",
            trigger=pgtrigger.compiler.Trigger(
                name="state_machine",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.state NOT IN ('FLAGGED') THEN\n                    RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            ELSIF NEW.state IS DISTINCT FROM OLD.state THEN\n                IF (OLD.state, NEW.state) NOT IN (('ASSIGNED', 'CONTACTED'), ('ASSIGNED', 'FALSE_ALARM'), ('ASSIGNED', 'LOST'), ('CONTACTED', 'FALSE_ALARM'), ('CONTACTED', 'LOST'), ('CONTACTED', 'OFFERED'), ('FLAGGED', 'ASSIGNED'), ('FLAGGED', 'FALSE_ALARM'), ('FLAGGED', 'LOST'), ('OFFERED', 'LOST'), ('OFFERED', 'SAVED')) THEN\n                    RAISE EXCEPTION '% cannot go from % to %',\n                        TG_TABLE_NAME, OLD.state, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                IF NEW.version <> OLD.version + 1 THEN\n                    RAISE EXCEPTION '% changes its state through its life-cycle only',\n                        TG_TABLE_NAME USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="ffcae4be1218bb3f672d315bbdfaf87368a2f77f",
                    operation='INSERT OR UPDATE OF "state"',
                    pgid="pgtrigger_state_machine_b7997",
                    table="retention_savecase",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="savecase",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."budget" IS DISTINCT FROM (NEW."budget") OR OLD."contacted_at" IS DISTINCT FROM (NEW."contacted_at") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."customer_id" IS DISTINCT FROM (NEW."customer_id") OR OLD."due_at" IS DISTINCT FROM (NEW."due_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."interaction_id" IS DISTINCT FROM (NEW."interaction_id") OR OLD."offer_id" IS DISTINCT FROM (NEW."offer_id") OR OLD."origin_id" IS DISTINCT FROM (NEW."origin_id") OR OLD."outcome_30" IS DISTINCT FROM (NEW."outcome_30") OR OLD."outcome_90" IS DISTINCT FROM (NEW."outcome_90") OR OLD."owner_id" IS DISTINCT FROM (NEW."owner_id") OR OLD."playbook_id" IS DISTINCT FROM (NEW."playbook_id") OR OLD."probability" IS DISTINCT FROM (NEW."probability") OR OLD."reason_code" IS DISTINCT FROM (NEW."reason_code") OR OLD."reasons" IS DISTINCT FROM (NEW."reasons") OR OLD."review_30_on" IS DISTINCT FROM (NEW."review_30_on") OR OLD."review_90_on" IS DISTINCT FROM (NEW."review_90_on") OR OLD."value" IS DISTINCT FROM (NEW."value") OR OLD."wants_to_leave" IS DISTINCT FROM (NEW."wants_to_leave"))',
                    func='INSERT INTO "retention_savecase_history" ("budget", "contacted_at", "created_at", "currency", "customer_id", "due_at", "id", "interaction_id", "offer_id", "origin_id", "outcome_30", "outcome_90", "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "playbook_id", "probability", "reason_code", "reasons", "review_30_on", "review_90_on", "state", "state_since", "updated_at", "value", "version", "wants_to_leave") VALUES (OLD."budget", OLD."contacted_at", OLD."created_at", OLD."currency", OLD."customer_id", OLD."due_at", OLD."id", OLD."interaction_id", OLD."offer_id", OLD."origin_id", OLD."outcome_30", OLD."outcome_90", OLD."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', OLD."id", OLD."playbook_id", OLD."probability", OLD."reason_code", OLD."reasons", OLD."review_30_on", OLD."review_90_on", OLD."state", OLD."state_since", OLD."updated_at", OLD."value", OLD."version", OLD."wants_to_leave"); RETURN NULL;',
                    hash="44fdb0968be99f4a43a27981d2072a9ff1327313",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d5497",
                    table="retention_savecase",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="savecase",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "retention_savecase_history" ("budget", "contacted_at", "created_at", "currency", "customer_id", "due_at", "id", "interaction_id", "offer_id", "origin_id", "outcome_30", "outcome_90", "owner_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "playbook_id", "probability", "reason_code", "reasons", "review_30_on", "review_90_on", "state", "state_since", "updated_at", "value", "version", "wants_to_leave") VALUES (OLD."budget", OLD."contacted_at", OLD."created_at", OLD."currency", OLD."customer_id", OLD."due_at", OLD."id", OLD."interaction_id", OLD."offer_id", OLD."origin_id", OLD."outcome_30", OLD."outcome_90", OLD."owner_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."playbook_id", OLD."probability", OLD."reason_code", OLD."reasons", OLD."review_30_on", OLD."review_90_on", OLD."state", OLD."state_since", OLD."updated_at", OLD."value", OLD."version", OLD."wants_to_leave"); RETURN NULL;',
                    hash="a8e52f2d403984257306951b2b723dacc40bd2bd",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d8781",
                    table="retention_savecase",
                    when="AFTER",
                ),
            ),
        ),
    ]
