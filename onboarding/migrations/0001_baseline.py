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
        ("onboarding", "0001_initial"),
        ("onboarding", "0003_history"),
    ]

    dependencies = [
        ("core", "0001_baseline"),
        ("customers", "0001_baseline"),
    ]

    operations = [
        migrations.CreateModel(
            name="ApplicationTemplate",
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
                ("kind", models.CharField(max_length=32, verbose_name="kind")),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("name", models.JSONField(verbose_name="name")),
                ("data", models.JSONField(verbose_name="content")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
            ],
            options={
                "verbose_name": "application template",
                "verbose_name_plural": "application templates",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "number"), name="template_number_once_a_kind"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ApplicationTemplateHistory",
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
                        to="onboarding.applicationtemplate",
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
                ("kind", models.CharField(max_length=32, verbose_name="kind")),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("name", models.JSONField(verbose_name="name")),
                ("data", models.JSONField(verbose_name="content")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
            ],
            options={
                "db_table": "onboarding_applicationtemplate_history",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Application",
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
                            ("SUBMITTED", "Submitted"),
                            ("VERIFYING", "Being verified"),
                            ("IN_REVIEW", "In review"),
                            ("INFORMATION_REQUESTED", "Waiting for the customer"),
                            ("APPROVED", "Approved"),
                            ("ACTIVATED", "Activated"),
                            ("DECLINED", "Declined"),
                            ("WITHDRAWN", "Withdrawn"),
                            ("EXPIRED", "Expired"),
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
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "template",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="applications",
                        to="onboarding.applicationtemplate",
                        verbose_name="template",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="officer",
                    ),
                ),
                (
                    "state_since",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="in this state since"
                    ),
                ),
                (
                    "origin_id",
                    models.UUIDField(
                        blank=True, editable=False, null=True, unique=True, verbose_name="origin"
                    ),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                (
                    "paused_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="paused"
                    ),
                ),
                (
                    "submitted_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="submitted"
                    ),
                ),
                (
                    "decided_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="decided"
                    ),
                ),
                (
                    "kyc_case_id",
                    models.UUIDField(
                        blank=True, editable=False, null=True, verbose_name="KYC case"
                    ),
                ),
                (
                    "kyc_outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not decided"),
                            ("cleared", "Cleared"),
                            ("rejected", "Rejected"),
                        ],
                        default="",
                        editable=False,
                        max_length=8,
                        verbose_name="KYC",
                    ),
                ),
                (
                    "straight_through",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="straight through"
                    ),
                ),
            ],
            options={
                "verbose_name": "application",
                "verbose_name_plural": "applications",
                "permissions": [("assign_application", "Can take or assign an application")],
                "indexes": [
                    models.Index(fields=["state", "due_at"], name="application_queue"),
                    models.Index(fields=["officer", "state"], name="application_officer"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ApplicationTask",
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
                    "application",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tasks",
                        to="onboarding.application",
                        verbose_name="application",
                    ),
                ),
                ("step", models.CharField(max_length=40, verbose_name="step")),
                ("key", models.CharField(max_length=40, verbose_name="task")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("answers", "Answers by the customer"),
                            ("check", "Check by the officer"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("required", models.BooleanField(default=True, verbose_name="required")),
                ("answers", models.JSONField(blank=True, default=dict, verbose_name="answers")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
            ],
            options={
                "verbose_name": "application task",
                "verbose_name_plural": "application tasks",
                "ordering": ["application", "position"],
                "indexes": [
                    models.Index(
                        condition=models.Q(("done_at__isnull", True), ("required", True)),
                        fields=["application"],
                        name="application_task_open",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("application", "key"), name="application_task_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ApplicationTaskHistory",
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
                        to="onboarding.applicationtask",
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
                    "application",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="onboarding.application",
                        verbose_name="application",
                    ),
                ),
                ("step", models.CharField(max_length=40, verbose_name="step")),
                ("key", models.CharField(max_length=40, verbose_name="task")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("answers", "Answers by the customer"),
                            ("check", "Check by the officer"),
                        ],
                        max_length=8,
                        verbose_name="kind",
                    ),
                ),
                ("position", models.PositiveSmallIntegerField(verbose_name="position")),
                ("required", models.BooleanField(default=True, verbose_name="required")),
                ("answers", models.JSONField(blank=True, default=dict, verbose_name="answers")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="done")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
            ],
            options={
                "db_table": "onboarding_applicationtask_history",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ApplicationHistory",
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
                        to="onboarding.application",
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
                            ("SUBMITTED", "Submitted"),
                            ("VERIFYING", "Being verified"),
                            ("IN_REVIEW", "In review"),
                            ("INFORMATION_REQUESTED", "Waiting for the customer"),
                            ("APPROVED", "Approved"),
                            ("ACTIVATED", "Activated"),
                            ("DECLINED", "Declined"),
                            ("WITHDRAWN", "Withdrawn"),
                            ("EXPIRED", "Expired"),
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
                    "template",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="onboarding.applicationtemplate",
                        verbose_name="template",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="customers.product",
                        verbose_name="product",
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="officer",
                    ),
                ),
                (
                    "state_since",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="in this state since"
                    ),
                ),
                (
                    "origin_id",
                    models.UUIDField(blank=True, editable=False, null=True, verbose_name="origin"),
                ),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                (
                    "paused_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="paused"
                    ),
                ),
                (
                    "submitted_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="submitted"
                    ),
                ),
                (
                    "decided_at",
                    models.DateTimeField(
                        blank=True, editable=False, null=True, verbose_name="decided"
                    ),
                ),
                (
                    "kyc_case_id",
                    models.UUIDField(
                        blank=True, editable=False, null=True, verbose_name="KYC case"
                    ),
                ),
                (
                    "kyc_outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "Not decided"),
                            ("cleared", "Cleared"),
                            ("rejected", "Rejected"),
                        ],
                        default="",
                        editable=False,
                        max_length=8,
                        verbose_name="KYC",
                    ),
                ),
                (
                    "straight_through",
                    models.BooleanField(
                        default=False, editable=False, verbose_name="straight through"
                    ),
                ),
            ],
            options={
                "db_table": "onboarding_application_history",
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="applicationtemplate",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."data" IS DISTINCT FROM (NEW."data") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."number" IS DISTINCT FROM (NEW."number") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."valid_to" IS DISTINCT FROM (NEW."valid_to"))',
                    func='INSERT INTO "onboarding_applicationtemplate_history" ("created_at", "data", "id", "kind", "name", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "updated_at", "valid_from", "valid_to", "version") VALUES (OLD."created_at", OLD."data", OLD."id", OLD."kind", OLD."name", OLD."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', OLD."id", OLD."updated_at", OLD."valid_from", OLD."valid_to", OLD."version"); RETURN NULL;',
                    hash="0433102eb3045e627b13f7ccce85d64fc2dfa6ee",
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
                    func='INSERT INTO "onboarding_applicationtemplate_history" ("created_at", "data", "id", "kind", "name", "number", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "updated_at", "valid_from", "valid_to", "version") VALUES (OLD."created_at", OLD."data", OLD."id", OLD."kind", OLD."name", OLD."number", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."updated_at", OLD."valid_from", OLD."valid_to", OLD."version"); RETURN NULL;',
                    hash="2a3444cda159bed795168a55dbf168f5c5b95812",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_aba57",
                    table="onboarding_applicationtemplate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="applicationtask",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."answers" IS DISTINCT FROM (NEW."answers") OR OLD."application_id" IS DISTINCT FROM (NEW."application_id") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."done_at" IS DISTINCT FROM (NEW."done_at") OR OLD."due_at" IS DISTINCT FROM (NEW."due_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."key" IS DISTINCT FROM (NEW."key") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."position" IS DISTINCT FROM (NEW."position") OR OLD."required" IS DISTINCT FROM (NEW."required") OR OLD."step" IS DISTINCT FROM (NEW."step"))',
                    func='INSERT INTO "onboarding_applicationtask_history" ("answers", "application_id", "created_at", "done_at", "due_at", "id", "key", "kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "required", "step", "updated_at", "version") VALUES (OLD."answers", OLD."application_id", OLD."created_at", OLD."done_at", OLD."due_at", OLD."id", OLD."key", OLD."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', OLD."id", OLD."position", OLD."required", OLD."step", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="2f7046e558a1f41146fa2a9f4be8bf113b3b6de8",
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
                    func='INSERT INTO "onboarding_applicationtask_history" ("answers", "application_id", "created_at", "done_at", "due_at", "id", "key", "kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "required", "step", "updated_at", "version") VALUES (OLD."answers", OLD."application_id", OLD."created_at", OLD."done_at", OLD."due_at", OLD."id", OLD."key", OLD."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."position", OLD."required", OLD."step", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="bce32d96538330a57a9131042c2f42e3c70f53f7",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_40a32",
                    table="onboarding_applicationtask",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="application",
            trigger=pgtrigger.compiler.Trigger(
                name="state_machine",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.state NOT IN ('DRAFT') THEN\n                    RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            ELSIF NEW.state IS DISTINCT FROM OLD.state THEN\n                IF (OLD.state, NEW.state) NOT IN (('APPROVED', 'ACTIVATED'), ('DRAFT', 'EXPIRED'), ('DRAFT', 'SUBMITTED'), ('DRAFT', 'WITHDRAWN'), ('INFORMATION_REQUESTED', 'EXPIRED'), ('INFORMATION_REQUESTED', 'VERIFYING'), ('INFORMATION_REQUESTED', 'WITHDRAWN'), ('IN_REVIEW', 'APPROVED'), ('IN_REVIEW', 'DECLINED'), ('IN_REVIEW', 'INFORMATION_REQUESTED'), ('IN_REVIEW', 'WITHDRAWN'), ('SUBMITTED', 'VERIFYING'), ('SUBMITTED', 'WITHDRAWN'), ('VERIFYING', 'APPROVED'), ('VERIFYING', 'INFORMATION_REQUESTED'), ('VERIFYING', 'IN_REVIEW'), ('VERIFYING', 'WITHDRAWN')) THEN\n                    RAISE EXCEPTION '% cannot go from % to %',\n                        TG_TABLE_NAME, OLD.state, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                IF NEW.version <> OLD.version + 1 THEN\n                    RAISE EXCEPTION '% changes its state through its life-cycle only',\n                        TG_TABLE_NAME USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="67ca0140985ed5fd8f98d683d07a2c769abdeae8",
                    operation='INSERT OR UPDATE OF "state"',
                    pgid="pgtrigger_state_machine_2dc95",
                    table="onboarding_application",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="application",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."customer_id" IS DISTINCT FROM (NEW."customer_id") OR OLD."decided_at" IS DISTINCT FROM (NEW."decided_at") OR OLD."due_at" IS DISTINCT FROM (NEW."due_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kyc_case_id" IS DISTINCT FROM (NEW."kyc_case_id") OR OLD."kyc_outcome" IS DISTINCT FROM (NEW."kyc_outcome") OR OLD."officer_id" IS DISTINCT FROM (NEW."officer_id") OR OLD."origin_id" IS DISTINCT FROM (NEW."origin_id") OR OLD."paused_at" IS DISTINCT FROM (NEW."paused_at") OR OLD."product_id" IS DISTINCT FROM (NEW."product_id") OR OLD."straight_through" IS DISTINCT FROM (NEW."straight_through") OR OLD."submitted_at" IS DISTINCT FROM (NEW."submitted_at") OR OLD."template_id" IS DISTINCT FROM (NEW."template_id"))',
                    func='INSERT INTO "onboarding_application_history" ("created_at", "customer_id", "decided_at", "due_at", "id", "kyc_case_id", "kyc_outcome", "officer_id", "origin_id", "paused_at", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id", "state", "state_since", "straight_through", "submitted_at", "template_id", "updated_at", "version") VALUES (OLD."created_at", OLD."customer_id", OLD."decided_at", OLD."due_at", OLD."id", OLD."kyc_case_id", OLD."kyc_outcome", OLD."officer_id", OLD."origin_id", OLD."paused_at", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', OLD."id", OLD."product_id", OLD."state", OLD."state_since", OLD."straight_through", OLD."submitted_at", OLD."template_id", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="543f86d4cab75a0954cd5e546317cd880808f154",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_1dc40",
                    table="onboarding_application",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="application",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "onboarding_application_history" ("created_at", "customer_id", "decided_at", "due_at", "id", "kyc_case_id", "kyc_outcome", "officer_id", "origin_id", "paused_at", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id", "state", "state_since", "straight_through", "submitted_at", "template_id", "updated_at", "version") VALUES (OLD."created_at", OLD."customer_id", OLD."decided_at", OLD."due_at", OLD."id", OLD."kyc_case_id", OLD."kyc_outcome", OLD."officer_id", OLD."origin_id", OLD."paused_at", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."product_id", OLD."state", OLD."state_since", OLD."straight_through", OLD."submitted_at", OLD."template_id", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="0324588d8073c5e103f3bf04d36a67fd6d258616",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_0aaad",
                    table="onboarding_application",
                    when="AFTER",
                ),
            ),
        ),
    ]
