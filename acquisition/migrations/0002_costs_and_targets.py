from decimal import Decimal

import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import clm.core.ids


class Migration(migrations.Migration):
    dependencies = [
        ("acquisition", "0001_baseline"),
    ]

    operations = [
        migrations.CreateModel(
            name="CampaignCost",
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
                ("spent_on", models.DateField(verbose_name="date")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("media", "Media"),
                            ("production", "Production"),
                            ("agency", "Agency"),
                            ("event", "Event"),
                            ("incentive", "Incentive"),
                            ("other", "Other cost"),
                        ],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=14, verbose_name="amount"),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True,
                        help_text="The invoice's number, say: one reference counts once a campaign.",
                        max_length=60,
                        verbose_name="reference",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="note")),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="costs",
                        to="acquisition.campaign",
                        verbose_name="campaign",
                    ),
                ),
            ],
            options={
                "verbose_name": "cost",
                "verbose_name_plural": "costs",
                "indexes": [models.Index(fields=["campaign", "spent_on"], name="cost_of_campaign")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount", Decimal(0)), _negated=True),
                        name="campaign_cost_not_nothing",
                        violation_error_message="A cost of nothing is none.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("reference", ""), _negated=True),
                        fields=("campaign", "reference"),
                        name="campaign_cost_reference_once",
                        violation_error_message="This reference is entered for the campaign already.",
                    ),
                ],
            },
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="campaign",
            name="update_update",
        ),
        pgtrigger.migrations.RemoveTrigger(
            model_name="campaign",
            name="delete_delete",
        ),
        migrations.AddField(
            model_name="campaign",
            name="audience",
            field=models.CharField(
                blank=True,
                help_text="Whom it is to reach, in words.",
                max_length=300,
                verbose_name="audience",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="target_cost",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                max_digits=14,
                null=True,
                verbose_name="highest cost per customer",
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="target_customers",
            field=models.PositiveIntegerField(
                blank=True, null=True, verbose_name="customers wanted"
            ),
        ),
        migrations.AddField(
            model_name="campaign",
            name="target_leads",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="leads wanted"),
        ),
        migrations.AddField(
            model_name="campaignhistory",
            name="audience",
            field=models.CharField(
                blank=True,
                help_text="Whom it is to reach, in words.",
                max_length=300,
                verbose_name="audience",
            ),
        ),
        migrations.AddField(
            model_name="campaignhistory",
            name="target_cost",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                max_digits=14,
                null=True,
                verbose_name="highest cost per customer",
            ),
        ),
        migrations.AddField(
            model_name="campaignhistory",
            name="target_customers",
            field=models.PositiveIntegerField(
                blank=True, null=True, verbose_name="customers wanted"
            ),
        ),
        migrations.AddField(
            model_name="campaignhistory",
            name="target_leads",
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name="leads wanted"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="campaign",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."audience" IS DISTINCT FROM (NEW."audience") OR OLD."budget" IS DISTINCT FROM (NEW."budget") OR OLD."channel" IS DISTINCT FROM (NEW."channel") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."ends_on" IS DISTINCT FROM (NEW."ends_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on") OR OLD."target_cost" IS DISTINCT FROM (NEW."target_cost") OR OLD."target_customers" IS DISTINCT FROM (NEW."target_customers") OR OLD."target_leads" IS DISTINCT FROM (NEW."target_leads"))',
                    func='INSERT INTO "acquisition_campaign_history" ("audience", "budget", "channel", "created_at", "currency", "ends_on", "id", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "target_cost", "target_customers", "target_leads", "updated_at", "version") VALUES (OLD."audience", OLD."budget", OLD."channel", OLD."created_at", OLD."currency", OLD."ends_on", OLD."id", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', OLD."id", OLD."starts_on", OLD."target_cost", OLD."target_customers", OLD."target_leads", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="52a918897e73df2d9fcd70d4ac93102899c278f1",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_2a951",
                    table="acquisition_campaign",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="campaign",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "acquisition_campaign_history" ("audience", "budget", "channel", "created_at", "currency", "ends_on", "id", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "target_cost", "target_customers", "target_leads", "updated_at", "version") VALUES (OLD."audience", OLD."budget", OLD."channel", OLD."created_at", OLD."currency", OLD."ends_on", OLD."id", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."starts_on", OLD."target_cost", OLD."target_customers", OLD."target_leads", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="e109cc76983b30f1c50f5d589eeb00846e7bdd65",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_61924",
                    table="acquisition_campaign",
                    when="AFTER",
                ),
            ),
        ),
        migrations.AddConstraint(
            model_name="campaign",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("target_cost__isnull", True), ("target_cost__gt", 0), _connector="OR"
                ),
                name="campaign_target_cost_positive",
                violation_error_message="The cost aimed at lies above zero.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="campaigncost",
            trigger=pgtrigger.compiler.Trigger(
                name="cost_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="c98d0a537cd8d074ed83f812060b46b6bfcb46b3",
                    operation="UPDATE",
                    pgid="pgtrigger_cost_stays_fd039",
                    table="acquisition_campaigncost",
                    when="BEFORE",
                ),
            ),
        ),
    ]
