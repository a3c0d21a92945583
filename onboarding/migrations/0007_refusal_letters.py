"""A no has a ground and a letter, and may be contested."""

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import clm.core.ids


class Migration(migrations.Migration):
    dependencies = [
        ("onboarding", "0006_template_versions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RefusalLetter",
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
                    "ground",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("has_account", "Has a payment account in Denmark already"),
                            ("not_resident", "Does not live lawfully in the European Union"),
                            ("incomplete", "Did not tell or show what the bank must know"),
                            ("law", "The law forbids it (money laundering)"),
                            ("misuse", "Used an account for something unlawful, or harassed staff"),
                            ("conditions", "The conditions of the product are not met"),
                            ("economy", "The economy does not carry it"),
                        ],
                        max_length=16,
                        verbose_name="ground",
                    ),
                ),
                ("text_da", models.TextField(verbose_name="in Danish")),
                ("text_en", models.TextField(verbose_name="in English")),
                ("written_at", models.DateTimeField(verbose_name="written")),
                ("due_at", models.DateTimeField(blank=True, null=True, verbose_name="due")),
                ("contest_until", models.DateTimeField(verbose_name="may be contested until")),
                (
                    "contested_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="contested"),
                ),
                ("contest", models.TextField(blank=True, verbose_name="what the customer says")),
                (
                    "review_due_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="to be answered by"),
                ),
                (
                    "answered_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="answered"),
                ),
                (
                    "outcome",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("upheld", "Upheld: the answer stays no"),
                            ("overturned", "Overturned: the application goes on"),
                        ],
                        max_length=10,
                        verbose_name="outcome",
                    ),
                ),
                ("answer", models.TextField(blank=True, verbose_name="answer")),
                (
                    "application",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="refusal_letter",
                        to="onboarding.application",
                        verbose_name="application",
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="by",
                    ),
                ),
                (
                    "following",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="onboarding.application",
                        verbose_name="goes on as",
                    ),
                ),
                (
                    "reviewer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="looked at again by",
                    ),
                ),
            ],
            options={
                "verbose_name": "letter of refusal",
                "verbose_name_plural": "letters of refusal",
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="application",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="application",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="application",
            name="refusal_ground",
            field=models.CharField(
                blank=True,
                choices=[
                    ("has_account", "Has a payment account in Denmark already"),
                    ("not_resident", "Does not live lawfully in the European Union"),
                    ("incomplete", "Did not tell or show what the bank must know"),
                    ("law", "The law forbids it (money laundering)"),
                    ("misuse", "Used an account for something unlawful, or harassed staff"),
                    ("conditions", "The conditions of the product are not met"),
                    ("economy", "The economy does not carry it"),
                ],
                editable=False,
                max_length=16,
                verbose_name="ground of refusal",
            ),
        ),
        migrations.AddField(
            model_name="application",
            name="refusal_words",
            field=models.CharField(
                blank=True, editable=False, max_length=1000, verbose_name="said to the customer"
            ),
        ),
        migrations.AddField(
            model_name="applicationhistory",
            name="refusal_ground",
            field=models.CharField(
                blank=True,
                choices=[
                    ("has_account", "Has a payment account in Denmark already"),
                    ("not_resident", "Does not live lawfully in the European Union"),
                    ("incomplete", "Did not tell or show what the bank must know"),
                    ("law", "The law forbids it (money laundering)"),
                    ("misuse", "Used an account for something unlawful, or harassed staff"),
                    ("conditions", "The conditions of the product are not met"),
                    ("economy", "The economy does not carry it"),
                ],
                editable=False,
                max_length=16,
                verbose_name="ground of refusal",
            ),
        ),
        migrations.AddField(
            model_name="applicationhistory",
            name="refusal_words",
            field=models.CharField(
                blank=True, editable=False, max_length=1000, verbose_name="said to the customer"
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="application",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."customer_id" IS DISTINCT FROM (NEW."customer_id") OR OLD."decided_at" IS DISTINCT FROM (NEW."decided_at") OR OLD."due_at" IS DISTINCT FROM (NEW."due_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kyc_case_id" IS DISTINCT FROM (NEW."kyc_case_id") OR OLD."kyc_outcome" IS DISTINCT FROM (NEW."kyc_outcome") OR OLD."officer_id" IS DISTINCT FROM (NEW."officer_id") OR OLD."origin_id" IS DISTINCT FROM (NEW."origin_id") OR OLD."paused_at" IS DISTINCT FROM (NEW."paused_at") OR OLD."product_id" IS DISTINCT FROM (NEW."product_id") OR OLD."refusal_ground" IS DISTINCT FROM (NEW."refusal_ground") OR OLD."refusal_words" IS DISTINCT FROM (NEW."refusal_words") OR OLD."straight_through" IS DISTINCT FROM (NEW."straight_through") OR OLD."submitted_at" IS DISTINCT FROM (NEW."submitted_at") OR OLD."template_id" IS DISTINCT FROM (NEW."template_id"))',
                    func='INSERT INTO "onboarding_application_history" ("created_at", "customer_id", "decided_at", "due_at", "id", "kyc_case_id", "kyc_outcome", "officer_id", "origin_id", "paused_at", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id", "refusal_ground", "refusal_words", "state", "state_since", "straight_through", "submitted_at", "template_id", "updated_at", "version") VALUES (OLD."created_at", OLD."customer_id", OLD."decided_at", OLD."due_at", OLD."id", OLD."kyc_case_id", OLD."kyc_outcome", OLD."officer_id", OLD."origin_id", OLD."paused_at", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', OLD."id", OLD."product_id", OLD."refusal_ground", OLD."refusal_words", OLD."state", OLD."state_since", OLD."straight_through", OLD."submitted_at", OLD."template_id", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="d35ac04d42bea9f36d733c9766b914e73655f1ae",
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
                    func='INSERT INTO "onboarding_application_history" ("created_at", "customer_id", "decided_at", "due_at", "id", "kyc_case_id", "kyc_outcome", "officer_id", "origin_id", "paused_at", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id", "refusal_ground", "refusal_words", "state", "state_since", "straight_through", "submitted_at", "template_id", "updated_at", "version") VALUES (OLD."created_at", OLD."customer_id", OLD."decided_at", OLD."due_at", OLD."id", OLD."kyc_case_id", OLD."kyc_outcome", OLD."officer_id", OLD."origin_id", OLD."paused_at", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."product_id", OLD."refusal_ground", OLD."refusal_words", OLD."state", OLD."state_since", OLD."straight_through", OLD."submitted_at", OLD."template_id", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="fce3367f5af1171407566a01d21bc4beb9b348ab",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_0aaad",
                    table="onboarding_application",
                    when="AFTER",
                ),
            ),
        ),
    ]
