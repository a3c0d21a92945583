import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models

import acquisition.models.capture
import clm.core.ids


class Migration(migrations.Migration):
    dependencies = [
        ("acquisition", "0002_costs_and_targets"),
        ("core", "0002_event_log"),
        ("core", "__first__"),
        ("customers", "0002_transactions"),
    ]

    operations = [
        migrations.CreateModel(
            name="CaptureForm",
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
                    "code",
                    models.CharField(
                        help_text="The end of the page's address: small letters, digits and hyphens.",
                        max_length=40,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$", "Small letters, digits and hyphens."
                            )
                        ],
                        verbose_name="address",
                    ),
                ),
                ("title_da", models.CharField(max_length=120, verbose_name="title in Danish")),
                ("title_en", models.CharField(max_length=120, verbose_name="title in English")),
                (
                    "intro_da",
                    models.TextField(
                        blank=True, max_length=600, verbose_name="introduction in Danish"
                    ),
                ),
                (
                    "intro_en",
                    models.TextField(
                        blank=True, max_length=600, verbose_name="introduction in English"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "Person"), ("organisation", "Organisation")],
                        default="person",
                        max_length=12,
                        verbose_name="asks",
                    ),
                ),
                (
                    "asks_consent",
                    models.BooleanField(default=True, verbose_name="asks for consent to marketing"),
                ),
                (
                    "allowed_origins",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            max_length=120, validators=[acquisition.models.capture.check_origin]
                        ),
                        blank=True,
                        default=list,
                        help_text="One a line, as https://www.example.dk; none: it stands on its own page only.",
                        size=20,
                        verbose_name="sites that may show it",
                    ),
                ),
                ("is_open", models.BooleanField(default=True, verbose_name="open")),
                (
                    "branch",
                    models.ForeignKey(
                        help_text="Where its leads go.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.branch",
                        verbose_name="branch",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="forms",
                        to="acquisition.campaign",
                        verbose_name="campaign",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: the visitor chooses.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.product",
                        verbose_name="product",
                    ),
                ),
            ],
            options={
                "verbose_name": "form",
                "verbose_name_plural": "forms",
            },
        ),
        migrations.CreateModel(
            name="CaptureFormHistory",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
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
                    "code",
                    models.CharField(
                        help_text="The end of the page's address: small letters, digits and hyphens.",
                        max_length=40,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[a-z0-9]+(-[a-z0-9]+)*$", "Small letters, digits and hyphens."
                            )
                        ],
                        verbose_name="address",
                    ),
                ),
                ("title_da", models.CharField(max_length=120, verbose_name="title in Danish")),
                ("title_en", models.CharField(max_length=120, verbose_name="title in English")),
                (
                    "intro_da",
                    models.TextField(
                        blank=True, max_length=600, verbose_name="introduction in Danish"
                    ),
                ),
                (
                    "intro_en",
                    models.TextField(
                        blank=True, max_length=600, verbose_name="introduction in English"
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "Person"), ("organisation", "Organisation")],
                        default="person",
                        max_length=12,
                        verbose_name="asks",
                    ),
                ),
                (
                    "asks_consent",
                    models.BooleanField(default=True, verbose_name="asks for consent to marketing"),
                ),
                (
                    "allowed_origins",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            max_length=120, validators=[acquisition.models.capture.check_origin]
                        ),
                        blank=True,
                        default=list,
                        help_text="One a line, as https://www.example.dk; none: it stands on its own page only.",
                        size=20,
                        verbose_name="sites that may show it",
                    ),
                ),
                ("is_open", models.BooleanField(default=True, verbose_name="open")),
                (
                    "branch",
                    models.ForeignKey(
                        db_constraint=False,
                        help_text="Where its leads go.",
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="core.branch",
                        verbose_name="branch",
                    ),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="acquisition.campaign",
                        verbose_name="campaign",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="history",
                        related_query_name="history",
                        to="acquisition.captureform",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        help_text="Empty: the visitor chooses.",
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="customers.product",
                        verbose_name="product",
                    ),
                ),
            ],
            options={
                "db_table": "acquisition_captureform_history",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LeadConsent",
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
                    "purpose",
                    models.CharField(
                        choices=[
                            ("service", "Service messages"),
                            ("marketing", "Marketing"),
                            ("profiling", "Personal offers from own data"),
                            ("survey", "Surveys"),
                            ("open_banking", "Account information from other banks"),
                            ("sharing", "Sharing within the group"),
                        ],
                        max_length=14,
                        verbose_name="purpose",
                    ),
                ),
                (
                    "channel",
                    models.CharField(
                        choices=[
                            ("any", "All channels"),
                            ("email", "E-mail"),
                            ("phone", "Phone"),
                            ("sms", "Text message"),
                            ("push", "Mobile bank"),
                            ("post", "Letter"),
                            ("meeting", "Meeting"),
                        ],
                        max_length=8,
                        verbose_name="channel",
                    ),
                ),
                ("language", models.CharField(max_length=2, verbose_name="language shown")),
                ("source", models.CharField(max_length=60, verbose_name="source")),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="acquisition.lead",
                    ),
                ),
                (
                    "wording",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.consentwording",
                    ),
                ),
            ],
            options={
                "verbose_name": "consent of a lead",
                "verbose_name_plural": "consents of leads",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("lead", "purpose", "channel"), name="lead_consent_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LeadTouch",
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
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("visit", "Visited the web site"),
                            ("product_page", "Read about a product"),
                            ("calculator", "Used a calculator"),
                            ("download", "Downloaded a brochure"),
                            ("ad_click", "Clicked an advertisement"),
                            ("email_open", "Opened an e-mail"),
                            ("email_click", "Followed a link in an e-mail"),
                            ("form", "Filled in the form"),
                            ("call", "Spoke on the telephone"),
                            ("meeting", "Had a meeting"),
                            ("event", "Took part in an event"),
                        ],
                        max_length=12,
                        verbose_name="kind",
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
                ("source", models.CharField(blank=True, max_length=60, verbose_name="source")),
                (
                    "external_id",
                    models.CharField(blank=True, max_length=120, verbose_name="id at the source"),
                ),
                (
                    "campaign",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="touches",
                        to="acquisition.campaign",
                        verbose_name="campaign",
                    ),
                ),
                (
                    "lead",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="touches",
                        to="acquisition.lead",
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
            ],
            options={
                "verbose_name": "touch",
                "verbose_name_plural": "touches",
                "indexes": [models.Index(fields=["lead", "at"], name="touch_of_lead")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("external_id", ""), _negated=True),
                        fields=("source", "external_id"),
                        name="lead_touch_once",
                    )
                ],
            },
        ),
        migrations.AlterModelOptions(
            name="lead",
            options={
                "permissions": [("import_leads", "Can import leads")],
                "verbose_name": "lead",
                "verbose_name_plural": "leads",
            },
        ),
        migrations.AddField(
            model_name="lead",
            name="external_id",
            field=models.CharField(
                blank=True, editable=False, max_length=120, verbose_name="id at the source"
            ),
        ),
        migrations.AddField(
            model_name="lead",
            name="source",
            field=models.CharField(
                blank=True, editable=False, max_length=60, verbose_name="source"
            ),
        ),
        migrations.AddConstraint(
            model_name="lead",
            constraint=models.UniqueConstraint(
                condition=models.Q(("external_id", ""), _negated=True),
                fields=("source", "external_id"),
                name="lead_told_once",
                violation_error_message="This source has told of this lead already.",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="captureform",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."allowed_origins" IS DISTINCT FROM (NEW."allowed_origins") OR OLD."asks_consent" IS DISTINCT FROM (NEW."asks_consent") OR OLD."branch_id" IS DISTINCT FROM (NEW."branch_id") OR OLD."campaign_id" IS DISTINCT FROM (NEW."campaign_id") OR OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."intro_da" IS DISTINCT FROM (NEW."intro_da") OR OLD."intro_en" IS DISTINCT FROM (NEW."intro_en") OR OLD."is_open" IS DISTINCT FROM (NEW."is_open") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."product_id" IS DISTINCT FROM (NEW."product_id") OR OLD."title_da" IS DISTINCT FROM (NEW."title_da") OR OLD."title_en" IS DISTINCT FROM (NEW."title_en"))',
                    func='INSERT INTO "acquisition_captureform_history" ("allowed_origins", "asks_consent", "branch_id", "campaign_id", "code", "created_at", "id", "intro_da", "intro_en", "is_open", "kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id", "title_da", "title_en", "updated_at", "version") VALUES (OLD."allowed_origins", OLD."asks_consent", OLD."branch_id", OLD."campaign_id", OLD."code", OLD."created_at", OLD."id", OLD."intro_da", OLD."intro_en", OLD."is_open", OLD."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', OLD."id", OLD."product_id", OLD."title_da", OLD."title_en", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="563f6e5ad18dac798dba12b2e67f5ba198855bba",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e4eb2",
                    table="acquisition_captureform",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="captureform",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "acquisition_captureform_history" ("allowed_origins", "asks_consent", "branch_id", "campaign_id", "code", "created_at", "id", "intro_da", "intro_en", "is_open", "kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "product_id", "title_da", "title_en", "updated_at", "version") VALUES (OLD."allowed_origins", OLD."asks_consent", OLD."branch_id", OLD."campaign_id", OLD."code", OLD."created_at", OLD."id", OLD."intro_da", OLD."intro_en", OLD."is_open", OLD."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."product_id", OLD."title_da", OLD."title_en", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="e703bd11f963093f2611191fbadba1e8565707d7",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_a6bc7",
                    table="acquisition_captureform",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="leadconsent",
            trigger=pgtrigger.compiler.Trigger(
                name="consent_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="ca2c8798e00595853a75a644ad5e7509813dd5c4",
                    operation="UPDATE",
                    pgid="pgtrigger_consent_stays_17e6e",
                    table="acquisition_leadconsent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="leadtouch",
            trigger=pgtrigger.compiler.Trigger(
                name="touch_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="748a2e3a5d251c2bac7af62bb9cd26c7108a614e",
                    operation="UPDATE",
                    pgid="pgtrigger_touch_stays_bd5dc",
                    table="acquisition_leadtouch",
                    when="BEFORE",
                ),
            ),
        ),
    ]
