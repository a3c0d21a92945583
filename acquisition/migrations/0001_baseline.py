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
        ("acquisition", "0001_initial"),
        ("acquisition", "0002_history"),
    ]

    dependencies = [
        ("core", "0001_baseline"),
        ("customers", "0001_baseline"),
    ]

    operations = [
        migrations.CreateModel(
            name="Campaign",
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
                ("name", models.CharField(max_length=120, unique=True, verbose_name="name")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("web", "Web site"),
                            ("branch", "Branch"),
                            ("phone", "Telephone"),
                            ("email", "E-mail"),
                            ("social", "Social media"),
                            ("partner", "Partner"),
                            ("referral", "Referral"),
                            ("event", "Event"),
                        ],
                        max_length=12,
                        verbose_name="channel",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="starts on")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="ends on")),
                (
                    "budget",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=14, verbose_name="budget"
                    ),
                ),
                (
                    "currency",
                    models.CharField(default="DKK", max_length=3, verbose_name="currency"),
                ),
            ],
            options={
                "verbose_name": "campaign",
                "verbose_name_plural": "campaigns",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("ends_on__isnull", True),
                            ("ends_on__gte", models.F("starts_on")),
                            _connector="OR",
                        ),
                        name="campaign_ends_after_start",
                        violation_error_message="A campaign cannot end before it starts.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("budget__gte", 0)),
                        name="campaign_budget_not_negative",
                        violation_error_message="A budget cannot be negative.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CampaignHistory",
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
                        to="acquisition.campaign",
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
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("web", "Web site"),
                            ("branch", "Branch"),
                            ("phone", "Telephone"),
                            ("email", "E-mail"),
                            ("social", "Social media"),
                            ("partner", "Partner"),
                            ("referral", "Referral"),
                            ("event", "Event"),
                        ],
                        max_length=12,
                        verbose_name="channel",
                    ),
                ),
                ("starts_on", models.DateField(verbose_name="starts on")),
                ("ends_on", models.DateField(blank=True, null=True, verbose_name="ends on")),
                (
                    "budget",
                    models.DecimalField(
                        decimal_places=2, default=0, max_digits=14, verbose_name="budget"
                    ),
                ),
                (
                    "currency",
                    models.CharField(default="DKK", max_length=3, verbose_name="currency"),
                ),
            ],
            options={
                "db_table": "acquisition_campaign_history",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Lead",
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
                            ("NEW", "New"),
                            ("CONTACTED", "Contacted"),
                            ("QUALIFIED", "Qualified"),
                            ("OFFERED", "Offered"),
                            ("CONVERTED", "Converted"),
                            ("LOST", "Lost"),
                            ("DUPLICATE", "Duplicate"),
                        ],
                        db_index=True,
                        default="NEW",
                        editable=False,
                        max_length=50,
                        protected=True,
                        verbose_name="state",
                    ),
                ),
                (
                    "given_names",
                    models.CharField(blank=True, max_length=120, verbose_name="given names"),
                ),
                (
                    "family_name",
                    models.CharField(blank=True, max_length=120, verbose_name="family name"),
                ),
                (
                    "organisation_name",
                    models.CharField(blank=True, max_length=200, verbose_name="organisation"),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("phone", models.CharField(blank=True, max_length=32, verbose_name="telephone")),
                (
                    "language",
                    models.CharField(
                        choices=[("da", "Danish"), ("en", "English")],
                        default="da",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("web", "Web site"),
                            ("branch", "Branch"),
                            ("phone", "Telephone"),
                            ("email", "E-mail"),
                            ("social", "Social media"),
                            ("partner", "Partner"),
                            ("referral", "Referral"),
                            ("event", "Event"),
                        ],
                        max_length=12,
                        verbose_name="channel",
                    ),
                ),
                ("note", models.TextField(blank=True, max_length=2000, verbose_name="note")),
                (
                    "campaign",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leads",
                        to="acquisition.campaign",
                        verbose_name="campaign",
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
                        verbose_name="product of interest",
                    ),
                ),
                (
                    "branch",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.branch",
                        verbose_name="branch",
                    ),
                ),
                (
                    "adviser",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="adviser",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leads",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "state_since",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="in this state since"
                    ),
                ),
                ("cpr_token", models.TextField(blank=True, editable=False)),
                ("cpr_index", models.BinaryField(blank=True, db_index=True, null=True)),
                (
                    "cpr_masked",
                    models.CharField(
                        blank=True, editable=False, max_length=16, verbose_name="CPR number"
                    ),
                ),
            ],
            options={
                "verbose_name": "lead",
                "verbose_name_plural": "leads",
                "indexes": [
                    models.Index(fields=["branch", "state"], name="lead_branch_state"),
                    models.Index(fields=["adviser", "state"], name="lead_adviser_state"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("family_name", ""), _negated=True),
                            models.Q(("organisation_name", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="lead_has_a_name",
                        violation_error_message="Give a family name or the name of an organisation.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LeadHistory",
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
                        to="acquisition.lead",
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
                            ("NEW", "New"),
                            ("CONTACTED", "Contacted"),
                            ("QUALIFIED", "Qualified"),
                            ("OFFERED", "Offered"),
                            ("CONVERTED", "Converted"),
                            ("LOST", "Lost"),
                            ("DUPLICATE", "Duplicate"),
                        ],
                        db_index=True,
                        default="NEW",
                        editable=False,
                        max_length=50,
                        protected=True,
                        verbose_name="state",
                    ),
                ),
                (
                    "given_names",
                    models.CharField(blank=True, max_length=120, verbose_name="given names"),
                ),
                (
                    "family_name",
                    models.CharField(blank=True, max_length=120, verbose_name="family name"),
                ),
                (
                    "organisation_name",
                    models.CharField(blank=True, max_length=200, verbose_name="organisation"),
                ),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="e-mail")),
                ("phone", models.CharField(blank=True, max_length=32, verbose_name="telephone")),
                (
                    "language",
                    models.CharField(
                        choices=[("da", "Danish"), ("en", "English")],
                        default="da",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("web", "Web site"),
                            ("branch", "Branch"),
                            ("phone", "Telephone"),
                            ("email", "E-mail"),
                            ("social", "Social media"),
                            ("partner", "Partner"),
                            ("referral", "Referral"),
                            ("event", "Event"),
                        ],
                        max_length=12,
                        verbose_name="channel",
                    ),
                ),
                ("note", models.TextField(blank=True, max_length=2000, verbose_name="note")),
                (
                    "campaign",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="acquisition.campaign",
                        verbose_name="campaign",
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
                        verbose_name="product of interest",
                    ),
                ),
                (
                    "branch",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="core.branch",
                        verbose_name="branch",
                    ),
                ),
                (
                    "adviser",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="adviser",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "state_since",
                    models.DateTimeField(
                        editable=False, null=True, verbose_name="in this state since"
                    ),
                ),
                (
                    "cpr_masked",
                    models.CharField(
                        blank=True, editable=False, max_length=16, verbose_name="CPR number"
                    ),
                ),
            ],
            options={
                "db_table": "acquisition_lead_history",
                "abstract": False,
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="campaign",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."budget" IS DISTINCT FROM (NEW."budget") OR OLD."channel" IS DISTINCT FROM (NEW."channel") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."ends_on" IS DISTINCT FROM (NEW."ends_on") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."starts_on" IS DISTINCT FROM (NEW."starts_on"))',
                    func='INSERT INTO "acquisition_campaign_history" ("budget", "channel", "created_at", "currency", "ends_on", "id", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "updated_at", "version") VALUES (OLD."budget", OLD."channel", OLD."created_at", OLD."currency", OLD."ends_on", OLD."id", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', OLD."id", OLD."starts_on", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="c0f06d0ad9edf227641ea31aa882272366e38305",
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
                    func='INSERT INTO "acquisition_campaign_history" ("budget", "channel", "created_at", "currency", "ends_on", "id", "name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "starts_on", "updated_at", "version") VALUES (OLD."budget", OLD."channel", OLD."created_at", OLD."currency", OLD."ends_on", OLD."id", OLD."name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."starts_on", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="34f22bde1cae3b25fd1e5273998909cbebd6f27d",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_61924",
                    table="acquisition_campaign",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lead",
            trigger=pgtrigger.compiler.Trigger(
                name="state_machine",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.state NOT IN ('NEW') THEN\n                    RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            ELSIF NEW.state IS DISTINCT FROM OLD.state THEN\n                IF (OLD.state, NEW.state) NOT IN (('CONTACTED', 'DUPLICATE'), ('CONTACTED', 'LOST'), ('CONTACTED', 'QUALIFIED'), ('NEW', 'CONTACTED'), ('NEW', 'DUPLICATE'), ('NEW', 'LOST'), ('OFFERED', 'CONVERTED'), ('OFFERED', 'DUPLICATE'), ('OFFERED', 'LOST'), ('QUALIFIED', 'CONVERTED'), ('QUALIFIED', 'DUPLICATE'), ('QUALIFIED', 'LOST'), ('QUALIFIED', 'OFFERED')) THEN\n                    RAISE EXCEPTION '% cannot go from % to %',\n                        TG_TABLE_NAME, OLD.state, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                IF NEW.version <> OLD.version + 1 THEN\n                    RAISE EXCEPTION '% changes its state through its life-cycle only',\n                        TG_TABLE_NAME USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="56173d900146a76fcd7c3313b2425b93b3385f6f",
                    operation='INSERT OR UPDATE OF "state"',
                    pgid="pgtrigger_state_machine_aecb8",
                    table="acquisition_lead",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lead",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."adviser_id" IS DISTINCT FROM (NEW."adviser_id") OR OLD."branch_id" IS DISTINCT FROM (NEW."branch_id") OR OLD."campaign_id" IS DISTINCT FROM (NEW."campaign_id") OR OLD."channel" IS DISTINCT FROM (NEW."channel") OR OLD."cpr_masked" IS DISTINCT FROM (NEW."cpr_masked") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."customer_id" IS DISTINCT FROM (NEW."customer_id") OR OLD."email" IS DISTINCT FROM (NEW."email") OR OLD."family_name" IS DISTINCT FROM (NEW."family_name") OR OLD."given_names" IS DISTINCT FROM (NEW."given_names") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."note" IS DISTINCT FROM (NEW."note") OR OLD."organisation_name" IS DISTINCT FROM (NEW."organisation_name") OR OLD."phone" IS DISTINCT FROM (NEW."phone") OR OLD."product_id" IS DISTINCT FROM (NEW."product_id"))',
                    func='INSERT INTO "acquisition_lead_history" ("adviser_id", "branch_id", "campaign_id", "channel", "cpr_masked", "created_at", "customer_id", "email", "family_name", "given_names", "id", "language", "note", "organisation_name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "product_id", "state", "state_since", "updated_at", "version") VALUES (OLD."adviser_id", OLD."branch_id", OLD."campaign_id", OLD."channel", OLD."cpr_masked", OLD."created_at", OLD."customer_id", OLD."email", OLD."family_name", OLD."given_names", OLD."id", OLD."language", OLD."note", OLD."organisation_name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', OLD."id", OLD."phone", OLD."product_id", OLD."state", OLD."state_since", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="fd56b0b9cc3cab57c8cca37d39f443050800c116",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_88aa8",
                    table="acquisition_lead",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lead",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "acquisition_lead_history" ("adviser_id", "branch_id", "campaign_id", "channel", "cpr_masked", "created_at", "customer_id", "email", "family_name", "given_names", "id", "language", "note", "organisation_name", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "product_id", "state", "state_since", "updated_at", "version") VALUES (OLD."adviser_id", OLD."branch_id", OLD."campaign_id", OLD."channel", OLD."cpr_masked", OLD."created_at", OLD."customer_id", OLD."email", OLD."family_name", OLD."given_names", OLD."id", OLD."language", OLD."note", OLD."organisation_name", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."phone", OLD."product_id", OLD."state", OLD."state_since", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="f1e484e4686aad36e31b154b1011c366f4e63caa",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_8c1a4",
                    table="acquisition_lead",
                    when="AFTER",
                ),
            ),
        ),
    ]
