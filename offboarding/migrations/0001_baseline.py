"""Everything up to the first release, in one step; see decision 0012."""

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
        ("offboarding", "0001_initial"),
        ("offboarding", "0002_history"),
    ]

    dependencies = [
        ("core", "0001_baseline"),
        ("customers", "0001_baseline"),
    ]

    operations = [
        migrations.CreateModel(
            name="Closure",
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
                            ("REQUESTED", "Requested"),
                            ("CHECKING", "Obligations being checked"),
                            ("PENDING_APPROVAL", "Waiting for a second person"),
                            ("SETTLING", "Being settled"),
                            ("CLOSED", "Closed"),
                            ("CANCELLED", "Cancelled"),
                            ("BLOCKED", "Blocked"),
                        ],
                        db_index=True,
                        default="REQUESTED",
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
                        related_name="closures",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "ground",
                    models.CharField(
                        choices=[
                            ("customer", "Customer’s wish"),
                            ("lost", "Lost to another bank"),
                            ("bank", "Terminated by the bank"),
                            ("death", "Death"),
                            ("dormant", "Dormant for 24 months"),
                        ],
                        max_length=10,
                        verbose_name="ground",
                    ),
                ),
                (
                    "note",
                    models.TextField(blank=True, max_length=2000, verbose_name="what was said"),
                ),
                (
                    "exit_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("price", "Price and fees"),
                            ("service", "Service"),
                            ("offer", "Better offer elsewhere"),
                            ("digital", "Mobile or online bank"),
                            ("moved", "Moved away"),
                            ("unused", "No longer used"),
                            ("deceased", "The customer died"),
                            ("bank", "The bank’s decision"),
                            ("unsaid", "Would not say"),
                        ],
                        max_length=10,
                        verbose_name="reason for leaving",
                    ),
                ),
                (
                    "exit_comment",
                    models.TextField(
                        blank=True, max_length=2000, verbose_name="in the customer’s words"
                    ),
                ),
                (
                    "switching",
                    models.BooleanField(default=False, verbose_name="account switching service"),
                ),
                ("new_bank", models.CharField(blank=True, max_length=120, verbose_name="new bank")),
                ("requested_at", models.DateTimeField(editable=False, verbose_name="requested")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                (
                    "state_since",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="in this state since"
                    ),
                ),
                (
                    "checklist",
                    models.JSONField(
                        blank=True, default=list, editable=False, verbose_name="checklist"
                    ),
                ),
                (
                    "checked_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="checked"
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
                "verbose_name": "closure",
                "verbose_name_plural": "closures",
                "indexes": [models.Index(fields=["state", "due_at"], name="closure_queue")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state__in", ["CLOSED", "CANCELLED"]), _negated=True),
                        fields=("customer",),
                        name="closure_open_once",
                        violation_error_message="This customer has an open closure already.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("ground", "bank"), _negated=True),
                            models.Q(("note", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="closure_bank_says_why",
                        violation_error_message="A termination by the bank needs a written reason.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClosureHistory",
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
                        to="offboarding.closure",
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
                            ("REQUESTED", "Requested"),
                            ("CHECKING", "Obligations being checked"),
                            ("PENDING_APPROVAL", "Waiting for a second person"),
                            ("SETTLING", "Being settled"),
                            ("CLOSED", "Closed"),
                            ("CANCELLED", "Cancelled"),
                            ("BLOCKED", "Blocked"),
                        ],
                        db_index=True,
                        default="REQUESTED",
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
                    "ground",
                    models.CharField(
                        choices=[
                            ("customer", "Customer’s wish"),
                            ("lost", "Lost to another bank"),
                            ("bank", "Terminated by the bank"),
                            ("death", "Death"),
                            ("dormant", "Dormant for 24 months"),
                        ],
                        max_length=10,
                        verbose_name="ground",
                    ),
                ),
                (
                    "note",
                    models.TextField(blank=True, max_length=2000, verbose_name="what was said"),
                ),
                (
                    "exit_reason",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("price", "Price and fees"),
                            ("service", "Service"),
                            ("offer", "Better offer elsewhere"),
                            ("digital", "Mobile or online bank"),
                            ("moved", "Moved away"),
                            ("unused", "No longer used"),
                            ("deceased", "The customer died"),
                            ("bank", "The bank’s decision"),
                            ("unsaid", "Would not say"),
                        ],
                        max_length=10,
                        verbose_name="reason for leaving",
                    ),
                ),
                (
                    "exit_comment",
                    models.TextField(
                        blank=True, max_length=2000, verbose_name="in the customer’s words"
                    ),
                ),
                (
                    "switching",
                    models.BooleanField(default=False, verbose_name="account switching service"),
                ),
                ("new_bank", models.CharField(blank=True, max_length=120, verbose_name="new bank")),
                ("requested_at", models.DateTimeField(editable=False, verbose_name="requested")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                (
                    "state_since",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="in this state since"
                    ),
                ),
                (
                    "checklist",
                    models.JSONField(
                        blank=True, default=list, editable=False, verbose_name="checklist"
                    ),
                ),
                (
                    "checked_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="checked"
                    ),
                ),
                (
                    "origin_id",
                    models.UUIDField(blank=True, editable=False, null=True, verbose_name="origin"),
                ),
            ],
            options={
                "db_table": "offboarding_closure_history",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ClosureObligation",
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
                    "closure",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="obligations",
                        to="offboarding.closure",
                        verbose_name="closure",
                    ),
                ),
                (
                    "holding",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.holding",
                        verbose_name="holding",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("balance", "Balance is paid out"),
                            ("loan", "Debt is repaid"),
                            ("card", "Card is blocked"),
                            ("transfer", "Assets are sold or moved"),
                            ("insurance", "Insurance is cancelled"),
                        ],
                        max_length=10,
                        verbose_name="obligation",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("met", "Met"), ("waived", "Waived")],
                        default="open",
                        max_length=6,
                        verbose_name="status",
                    ),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="confirmed"),
                ),
                (
                    "reason",
                    models.TextField(
                        blank=True, max_length=2000, verbose_name="reason for waiving"
                    ),
                ),
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
            ],
            options={
                "verbose_name": "obligation",
                "verbose_name_plural": "obligations",
                "constraints": [
                    models.UniqueConstraint(fields=("closure", "holding"), name="obligation_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("status", "waived"), _negated=True),
                            models.Q(("reason", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="obligation_waived_says_why",
                        violation_error_message="A waiver needs a reason.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ClosureObligationHistory",
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
                        to="offboarding.closureobligation",
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
                    "closure",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="offboarding.closure",
                        verbose_name="closure",
                    ),
                ),
                (
                    "holding",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="customers.holding",
                        verbose_name="holding",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("balance", "Balance is paid out"),
                            ("loan", "Debt is repaid"),
                            ("card", "Card is blocked"),
                            ("transfer", "Assets are sold or moved"),
                            ("insurance", "Insurance is cancelled"),
                        ],
                        max_length=10,
                        verbose_name="obligation",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("open", "Open"), ("met", "Met"), ("waived", "Waived")],
                        default="open",
                        max_length=6,
                        verbose_name="status",
                    ),
                ),
                (
                    "confirmed_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="confirmed"),
                ),
                (
                    "reason",
                    models.TextField(
                        blank=True, max_length=2000, verbose_name="reason for waiving"
                    ),
                ),
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
            ],
            options={
                "db_table": "offboarding_closureobligation_history",
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="closure",
            trigger=pgtrigger.compiler.Trigger(
                name="state_machine",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.state NOT IN ('REQUESTED') THEN\n                    RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            ELSIF NEW.state IS DISTINCT FROM OLD.state THEN\n                IF (OLD.state, NEW.state) NOT IN (('BLOCKED', 'CANCELLED'), ('BLOCKED', 'CHECKING'), ('CHECKING', 'BLOCKED'), ('CHECKING', 'CANCELLED'), ('CHECKING', 'PENDING_APPROVAL'), ('PENDING_APPROVAL', 'BLOCKED'), ('PENDING_APPROVAL', 'CANCELLED'), ('PENDING_APPROVAL', 'CHECKING'), ('PENDING_APPROVAL', 'SETTLING'), ('REQUESTED', 'BLOCKED'), ('REQUESTED', 'CANCELLED'), ('REQUESTED', 'CHECKING'), ('SETTLING', 'BLOCKED'), ('SETTLING', 'CLOSED')) THEN\n                    RAISE EXCEPTION '% cannot go from % to %',\n                        TG_TABLE_NAME, OLD.state, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                IF NEW.version <> OLD.version + 1 THEN\n                    RAISE EXCEPTION '% changes its state through its life-cycle only',\n                        TG_TABLE_NAME USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="4bb2fc9a7db73d649935bf6f38af80a5b7dc5654",
                    operation='INSERT OR UPDATE OF "state"',
                    pgid="pgtrigger_state_machine_c4ceb",
                    table="offboarding_closure",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="closure",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."checked_at" IS DISTINCT FROM (NEW."checked_at") OR OLD."checklist" IS DISTINCT FROM (NEW."checklist") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."customer_id" IS DISTINCT FROM (NEW."customer_id") OR OLD."due_at" IS DISTINCT FROM (NEW."due_at") OR OLD."exit_comment" IS DISTINCT FROM (NEW."exit_comment") OR OLD."exit_reason" IS DISTINCT FROM (NEW."exit_reason") OR OLD."ground" IS DISTINCT FROM (NEW."ground") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."new_bank" IS DISTINCT FROM (NEW."new_bank") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."origin_id" IS DISTINCT FROM (NEW."origin_id") OR OLD."requested_at" IS DISTINCT FROM (NEW."requested_at") OR OLD."switching" IS DISTINCT FROM (NEW."switching"))',
                    func='INSERT INTO "offboarding_closure_history" ("checked_at", "checklist", "created_at", "customer_id", "due_at", "exit_comment", "exit_reason", "ground", "id", "new_bank", "note", "origin_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "requested_at", "state", "state_since", "switching", "updated_at", "version") VALUES (OLD."checked_at", OLD."checklist", OLD."created_at", OLD."customer_id", OLD."due_at", OLD."exit_comment", OLD."exit_reason", OLD."ground", OLD."id", OLD."new_bank", OLD."note", OLD."origin_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', OLD."id", OLD."requested_at", OLD."state", OLD."state_since", OLD."switching", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="fb99627078d42b9cb3f0df5e7e42ea4025b8a173",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_a3c55",
                    table="offboarding_closure",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="closure",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "offboarding_closure_history" ("checked_at", "checklist", "created_at", "customer_id", "due_at", "exit_comment", "exit_reason", "ground", "id", "new_bank", "note", "origin_id", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "requested_at", "state", "state_since", "switching", "updated_at", "version") VALUES (OLD."checked_at", OLD."checklist", OLD."created_at", OLD."customer_id", OLD."due_at", OLD."exit_comment", OLD."exit_reason", OLD."ground", OLD."id", OLD."new_bank", OLD."note", OLD."origin_id", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."requested_at", OLD."state", OLD."state_since", OLD."switching", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="eb5106af07cc051446485981548b984c30a888d5",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_f4d0d",
                    table="offboarding_closure",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="closureobligation",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."closure_id" IS DISTINCT FROM (NEW."closure_id") OR OLD."confirmed_at" IS DISTINCT FROM (NEW."confirmed_at") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."decided_by_id" IS DISTINCT FROM (NEW."decided_by_id") OR OLD."holding_id" IS DISTINCT FROM (NEW."holding_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."reason" IS DISTINCT FROM (NEW."reason") OR OLD."status" IS DISTINCT FROM (NEW."status"))',
                    func='INSERT INTO "offboarding_closureobligation_history" ("closure_id", "confirmed_at", "created_at", "decided_by_id", "holding_id", "id", "kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "status", "updated_at", "version") VALUES (OLD."closure_id", OLD."confirmed_at", OLD."created_at", OLD."decided_by_id", OLD."holding_id", OLD."id", OLD."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', OLD."id", OLD."reason", OLD."status", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="8de0e8db69fd75306759227ab4e0e876e18a67db",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ca705",
                    table="offboarding_closureobligation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="closureobligation",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "offboarding_closureobligation_history" ("closure_id", "confirmed_at", "created_at", "decided_by_id", "holding_id", "id", "kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "status", "updated_at", "version") VALUES (OLD."closure_id", OLD."confirmed_at", OLD."created_at", OLD."decided_by_id", OLD."holding_id", OLD."id", OLD."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."reason", OLD."status", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="bd025ad30818b5543767d9c472a520fb68f8c413",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_e623f",
                    table="offboarding_closureobligation",
                    when="AFTER",
                ),
            ),
        ),
    ]
