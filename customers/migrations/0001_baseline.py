"""Everything up to the first release, in one step; see decision 0012."""

from decimal import Decimal

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import pghistory.utils
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import clm.core.ids
import clm.core.lifecycle.table
import customers.openbanking.addresses


class Migration(migrations.Migration):
    initial = True

    replaces = [
        ("customers", "0001_initial"),
        ("customers", "0002_relations"),
        ("customers", "0004_single_view"),
        ("customers", "0005_quiet_last_transaction"),
        ("customers", "0006_consent_wordings"),
        ("customers", "0007_my_page"),
    ]

    dependencies = [
        ("core", "0001_baseline"),
    ]

    operations = [
        migrations.CreateModel(
            name="Transaction",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("booked_on", models.DateField(verbose_name="booked on")),
                ("valued_on", models.DateField(null=True, verbose_name="value date")),
                (
                    "amount",
                    models.DecimalField(decimal_places=2, max_digits=18, verbose_name="amount"),
                ),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("transfer", "Transfer"),
                            ("card", "Card"),
                            ("direct-debit", "Direct debit"),
                            ("standing-order", "Standing order"),
                            ("salary", "Salary"),
                            ("cash", "Cash"),
                            ("loan", "Loan"),
                            ("securities", "Securities"),
                            ("fee", "Fee"),
                            ("interest", "Interest"),
                            ("other", "Other"),
                        ],
                        max_length=16,
                        verbose_name="kind",
                    ),
                ),
                ("text", models.CharField(blank=True, max_length=500, verbose_name="text")),
                (
                    "counterparty_name",
                    models.CharField(blank=True, max_length=200, verbose_name="counterparty"),
                ),
                (
                    "counterparty_account",
                    models.CharField(
                        blank=True, max_length=40, verbose_name="counterparty’s account"
                    ),
                ),
                ("counterparty_index", models.BinaryField(max_length=16, null=True)),
                (
                    "counterparty_country",
                    models.CharField(
                        blank=True, max_length=2, verbose_name="counterparty’s country"
                    ),
                ),
                ("source", models.CharField(max_length=120, verbose_name="source")),
                ("external_id", models.CharField(max_length=200, verbose_name="id at the source")),
            ],
            options={
                "verbose_name": "transaction",
                "verbose_name_plural": "transactions",
                "managed": False,
            },
        ),
        migrations.CreateModel(
            name="Customer",
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
                    "stage",
                    clm.core.lifecycle.table.StateField(
                        choices=[
                            ("UNADMITTED", "Awaiting admission"),
                            ("PROSPECT", "Prospect"),
                            ("ONBOARDING", "Onboarding"),
                            ("ACTIVE", "Active"),
                            ("AT_RISK", "At risk"),
                            ("DORMANT", "Dormant"),
                            ("OFFBOARDING", "Offboarding"),
                            ("CLOSED", "Closed"),
                            ("DECLINED", "Declined"),
                            ("WITHDRAWN", "Withdrawn"),
                            ("ERASED", "Erased"),
                        ],
                        db_index=True,
                        default="PROSPECT",
                        editable=False,
                        max_length=50,
                        protected=True,
                        verbose_name="stage",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "Person"), ("organisation", "Organisation")],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "given_names",
                    models.CharField(blank=True, max_length=200, verbose_name="given names"),
                ),
                (
                    "family_name",
                    models.CharField(blank=True, max_length=200, verbose_name="family name"),
                ),
                (
                    "name",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="name of the organisation"
                    ),
                ),
                ("display_name", models.CharField(max_length=410, verbose_name="name")),
                (
                    "sort_key",
                    models.CharField(blank=True, db_collation="C", editable=False, max_length=900),
                ),
                ("search_text", models.TextField(blank=True, editable=False)),
                ("born_on", models.DateField(blank=True, null=True, verbose_name="born on")),
                (
                    "birth_place",
                    models.CharField(blank=True, max_length=200, verbose_name="birth place"),
                ),
                (
                    "nationalities",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="nationalities",
                    ),
                ),
                (
                    "residence_country",
                    models.CharField(blank=True, max_length=2, verbose_name="country of residence"),
                ),
                (
                    "tax_countries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="tax residence",
                    ),
                ),
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
                    "occupation",
                    models.CharField(blank=True, max_length=200, verbose_name="occupation"),
                ),
                (
                    "legal_form",
                    models.CharField(blank=True, max_length=60, verbose_name="legal form"),
                ),
                (
                    "stage_since",
                    models.DateTimeField(editable=False, verbose_name="in this stage since"),
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
                ("segment", models.CharField(blank=True, max_length=40, verbose_name="segment")),
                (
                    "risk_level",
                    models.CharField(
                        blank=True,
                        choices=[("low", "Low"), ("medium", "Medium"), ("high", "High")],
                        max_length=6,
                        verbose_name="risk level",
                    ),
                ),
                (
                    "kyc_cleared_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="KYC cleared at"),
                ),
                (
                    "kyc_review_on",
                    models.DateField(blank=True, null=True, verbose_name="next KYC review"),
                ),
                (
                    "restriction",
                    models.CharField(blank=True, max_length=40, verbose_name="restriction"),
                ),
                ("source", models.CharField(blank=True, max_length=60, verbose_name="source")),
                (
                    "customer_since",
                    models.DateField(blank=True, null=True, verbose_name="customer since"),
                ),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed on")),
                (
                    "retention_until",
                    models.DateField(blank=True, null=True, verbose_name="kept until"),
                ),
                (
                    "last_transaction_on",
                    models.DateField(blank=True, null=True, verbose_name="last transaction"),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.customer",
                        verbose_name="merged into",
                    ),
                ),
            ],
            options={
                "verbose_name": "customer",
                "verbose_name_plural": "customers",
                "permissions": [
                    ("reveal_identifier", "Can reveal an identifier"),
                    ("import_customers", "Can import customers"),
                    ("export_customers", "Can export customers"),
                    ("give_access", "Can give a customer access to their data"),
                    ("view_restriction", "Can see restrictions on customers"),
                    ("restrict_customer", "Can set a restriction on a customer"),
                    ("merge_customer", "Can merge two records of one customer"),
                ],
                "indexes": [
                    models.Index(fields=["sort_key", "id"], name="customer_by_name"),
                    models.Index(fields=["stage", "sort_key", "id"], name="customer_by_stage"),
                    models.Index(fields=["adviser", "sort_key", "id"], name="customer_by_adviser"),
                    models.Index(fields=["branch", "sort_key", "id"], name="customer_by_branch"),
                    models.Index(
                        condition=models.Q(("retention_until__isnull", False)),
                        fields=["retention_until"],
                        name="customer_retention",
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        django.contrib.postgres.search.SearchVector("search_text", config="simple"),
                        name="customer_words",
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("stage", "ERASED"),
                            models.Q(
                                ("kind", "person"),
                                models.Q(("family_name", ""), _negated=True),
                                ("name", ""),
                            ),
                            models.Q(
                                ("kind", "organisation"),
                                models.Q(("name", ""), _negated=True),
                                ("family_name", ""),
                                ("given_names", ""),
                            ),
                            _connector="OR",
                        ),
                        name="customer_has_a_name",
                        violation_error_message="A person needs a family name; an organisation needs a name and has no given names.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("stage", "CLOSED"), _negated=True),
                            models.Q(
                                ("closed_on__isnull", False), ("retention_until__isnull", False)
                            ),
                            _connector="OR",
                        ),
                        name="customer_closed_has_retention_date",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Address",
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
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="addresses",
                        to="customers.customer",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("home", "Home"),
                            ("registered", "Registered office"),
                            ("postal", "Postal"),
                        ],
                        default="home",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("line1", models.CharField(max_length=200, verbose_name="address")),
                (
                    "line2",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="address, second line"
                    ),
                ),
                (
                    "postal_code",
                    models.CharField(blank=True, max_length=20, verbose_name="postal code"),
                ),
                ("city", models.CharField(blank=True, max_length=120, verbose_name="city")),
                ("country", models.CharField(default="DK", max_length=2, verbose_name="country")),
                ("source", models.CharField(blank=True, max_length=60, verbose_name="source")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
            ],
            options={
                "verbose_name": "address",
                "verbose_name_plural": "addresses",
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True)),
                        fields=("customer", "kind"),
                        name="address_one_of_a_kind",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="address_period",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactPoint",
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
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="contact_points",
                        to="customers.customer",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("email", "E-mail"), ("phone", "Phone")],
                        max_length=5,
                        verbose_name="kind",
                    ),
                ),
                ("value", models.CharField(max_length=254, verbose_name="value")),
                ("source", models.CharField(blank=True, max_length=60, verbose_name="source")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
            ],
            options={
                "verbose_name": "contact point",
                "verbose_name_plural": "contact points",
                "indexes": [models.Index(fields=["value"], name="contact_point_value")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True)),
                        fields=("customer", "kind", "value"),
                        name="contact_point_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="contact_point_period",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactPointHistory",
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
                        to="customers.contactpoint",
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                (
                    "id",
                    models.UUIDField(default=clm.core.ids.uuid7, editable=False, serialize=False),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="customers.customer",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("email", "E-mail"), ("phone", "Phone")],
                        max_length=5,
                        verbose_name="kind",
                    ),
                ),
                ("value", models.CharField(max_length=254, verbose_name="value")),
                ("source", models.CharField(blank=True, max_length=60, verbose_name="source")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
            ],
            options={
                "db_table": "customers_contactpoint_history",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="CustomerHistory",
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
                        to="customers.customer",
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
                    "stage",
                    clm.core.lifecycle.table.StateField(
                        choices=[
                            ("UNADMITTED", "Awaiting admission"),
                            ("PROSPECT", "Prospect"),
                            ("ONBOARDING", "Onboarding"),
                            ("ACTIVE", "Active"),
                            ("AT_RISK", "At risk"),
                            ("DORMANT", "Dormant"),
                            ("OFFBOARDING", "Offboarding"),
                            ("CLOSED", "Closed"),
                            ("DECLINED", "Declined"),
                            ("WITHDRAWN", "Withdrawn"),
                            ("ERASED", "Erased"),
                        ],
                        db_index=True,
                        default="PROSPECT",
                        editable=False,
                        max_length=50,
                        protected=True,
                        verbose_name="stage",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[("person", "Person"), ("organisation", "Organisation")],
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                (
                    "given_names",
                    models.CharField(blank=True, max_length=200, verbose_name="given names"),
                ),
                (
                    "family_name",
                    models.CharField(blank=True, max_length=200, verbose_name="family name"),
                ),
                (
                    "name",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="name of the organisation"
                    ),
                ),
                ("display_name", models.CharField(max_length=410, verbose_name="name")),
                ("born_on", models.DateField(blank=True, null=True, verbose_name="born on")),
                (
                    "birth_place",
                    models.CharField(blank=True, max_length=200, verbose_name="birth place"),
                ),
                (
                    "nationalities",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="nationalities",
                    ),
                ),
                (
                    "residence_country",
                    models.CharField(blank=True, max_length=2, verbose_name="country of residence"),
                ),
                (
                    "tax_countries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="tax residence",
                    ),
                ),
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
                    "occupation",
                    models.CharField(blank=True, max_length=200, verbose_name="occupation"),
                ),
                (
                    "legal_form",
                    models.CharField(blank=True, max_length=60, verbose_name="legal form"),
                ),
                (
                    "stage_since",
                    models.DateTimeField(editable=False, verbose_name="in this stage since"),
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
                ("segment", models.CharField(blank=True, max_length=40, verbose_name="segment")),
                (
                    "risk_level",
                    models.CharField(
                        blank=True,
                        choices=[("low", "Low"), ("medium", "Medium"), ("high", "High")],
                        max_length=6,
                        verbose_name="risk level",
                    ),
                ),
                (
                    "kyc_cleared_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="KYC cleared at"),
                ),
                (
                    "kyc_review_on",
                    models.DateField(blank=True, null=True, verbose_name="next KYC review"),
                ),
                (
                    "restriction",
                    models.CharField(blank=True, max_length=40, verbose_name="restriction"),
                ),
                ("source", models.CharField(blank=True, max_length=60, verbose_name="source")),
                (
                    "customer_since",
                    models.DateField(blank=True, null=True, verbose_name="customer since"),
                ),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed on")),
                (
                    "retention_until",
                    models.DateField(blank=True, null=True, verbose_name="kept until"),
                ),
                (
                    "last_transaction_on",
                    models.DateField(blank=True, null=True, verbose_name="last transaction"),
                ),
                (
                    "merged_into",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="customers.customer",
                        verbose_name="merged into",
                    ),
                ),
            ],
            options={
                "db_table": "customers_customer_history",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DuplicatePair",
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
                            ("OPEN", "To be decided"),
                            ("REOPENED", "To be decided again"),
                            ("CONFIRMED", "Merged"),
                            ("DISMISSED", "Two customers"),
                        ],
                        db_index=True,
                        default="OPEN",
                        editable=False,
                        max_length=50,
                        protected=True,
                        verbose_name="state",
                    ),
                ),
                (
                    "first",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                (
                    "second",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                (
                    "state_since",
                    models.DateTimeField(editable=False, verbose_name="in this state since"),
                ),
                ("score", models.SmallIntegerField(verbose_name="score")),
                ("reasons", models.JSONField(blank=True, default=list, verbose_name="reasons")),
                ("facts_digest", models.BinaryField(max_length=32)),
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
                (
                    "decided_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="decided at"),
                ),
            ],
            options={
                "verbose_name": "possible duplicate",
                "verbose_name_plural": "possible duplicates",
                "permissions": [("find_duplicates", "Can search all customers for duplicates")],
                "indexes": [
                    models.Index(
                        condition=models.Q(("state__in", ["OPEN", "REOPENED"])),
                        fields=["-score", "id"],
                        name="duplicate_pair_queue",
                    )
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("first", "second"), name="duplicate_pair_once"),
                    models.CheckConstraint(
                        condition=models.Q(("first__lt", models.F("second"))),
                        name="duplicate_pair_in_order",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CustomerMerge",
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
                    "survivor",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="absorbed_in",
                        to="customers.customer",
                    ),
                ),
                (
                    "absorbed",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges",
                        to="customers.customer",
                    ),
                ),
                (
                    "pair",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="merges",
                        to="customers.duplicatepair",
                    ),
                ),
                (
                    "merged_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="merged by",
                    ),
                ),
                ("merged_at", models.DateTimeField(verbose_name="merged at")),
                (
                    "fields",
                    models.JSONField(blank=True, default=list, verbose_name="fields that changed"),
                ),
                ("moved", models.JSONField(blank=True, default=dict, verbose_name="what moved")),
                ("ciphertext", models.TextField(blank=True, editable=False)),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="undone by",
                    ),
                ),
                (
                    "undone_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="undone at"),
                ),
                (
                    "stayed",
                    models.JSONField(
                        blank=True, default=list, verbose_name="what stayed after the undoing"
                    ),
                ),
            ],
            options={
                "verbose_name": "merge",
                "verbose_name_plural": "merges",
                "permissions": [("undo_merge", "Can undo a merge")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("undone_at__isnull", True)),
                        fields=("absorbed",),
                        name="merge_absorbs_once",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("survivor", models.F("absorbed")), _negated=True),
                        name="merge_is_of_two_records",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CustomerSearch",
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("ciphertext", models.TextField(editable=False)),
                ("at", models.DateTimeField(verbose_name="at")),
            ],
            options={
                "verbose_name": "customer search",
                "verbose_name_plural": "customer searches",
                "indexes": [models.Index(fields=["at"], name="customer_search_at")],
            },
        ),
        migrations.CreateModel(
            name="Product",
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
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("name_da", models.CharField(max_length=120, verbose_name="name in Danish")),
                ("name_en", models.CharField(max_length=120, verbose_name="name in English")),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("account", "Account"),
                            ("card", "Card"),
                            ("loan", "Loan"),
                            ("mortgage", "Mortgage"),
                            ("deposit", "Deposit"),
                            ("investment", "Investment"),
                            ("insurance", "Insurance"),
                            ("pension", "Pension"),
                        ],
                        max_length=12,
                        verbose_name="category",
                    ),
                ),
                (
                    "customer_kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("person", "Person"), ("organisation", "Organisation")],
                            max_length=12,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="for",
                    ),
                ),
                (
                    "minimum_age",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="minimum age"
                    ),
                ),
                (
                    "maximum_age",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="maximum age"
                    ),
                ),
                (
                    "countries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        blank=True,
                        default=list,
                        help_text="Two letters each; none means everywhere.",
                        size=None,
                        verbose_name="for residents of",
                    ),
                ),
                (
                    "description_da",
                    models.TextField(
                        blank=True, max_length=1000, verbose_name="description in Danish"
                    ),
                ),
                (
                    "description_en",
                    models.TextField(
                        blank=True, max_length=1000, verbose_name="description in English"
                    ),
                ),
                (
                    "currency",
                    models.CharField(default="DKK", max_length=3, verbose_name="currency"),
                ),
                (
                    "price_per_year",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal(0),
                        max_digits=12,
                        verbose_name="price a year",
                    ),
                ),
                (
                    "margin_per_year",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal(0),
                        max_digits=12,
                        verbose_name="margin a year",
                    ),
                ),
                (
                    "channels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("branch", "Branch"),
                                ("phone", "Phone"),
                                ("online", "Netbank"),
                                ("app", "App"),
                                ("partner", "Partner"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="channels",
                    ),
                ),
                (
                    "documents",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("agreement", "Signed agreement"),
                                ("identity", "Proof of identity"),
                                ("payslip", "Payslips"),
                                ("tax-statement", "Tax statement"),
                                ("budget", "Budget"),
                                ("deed", "Deed"),
                                ("accounts", "Annual accounts"),
                                ("suitability", "Suitability test"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        help_text="What has to be there before the customer can have it.",
                        size=None,
                        verbose_name="documents",
                    ),
                ),
                (
                    "term_months",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Empty: it runs on without end.",
                        null=True,
                        verbose_name="term in months",
                    ),
                ),
                (
                    "notice_days",
                    models.PositiveSmallIntegerField(
                        default=60, verbose_name="days before maturity to prepare renewal"
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
            ],
            options={
                "verbose_name": "product",
                "verbose_name_plural": "products",
                "ordering": ["code"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="product_period",
                        violation_error_message="A product cannot end before it begins.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("minimum_age__isnull", True),
                            ("maximum_age__isnull", True),
                            ("maximum_age__gte", models.F("minimum_age")),
                            _connector="OR",
                        ),
                        name="product_ages",
                        violation_error_message="The maximum age lies below the minimum age.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Holding",
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
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holdings",
                        to="customers.customer",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="holdings",
                        to="customers.product",
                    ),
                ),
                ("reference", models.CharField(max_length=60, verbose_name="reference")),
                ("opened_on", models.DateField(verbose_name="opened on")),
                ("matures_on", models.DateField(blank=True, null=True, verbose_name="matures on")),
                (
                    "renewed_on",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="renewed on"
                    ),
                ),
                ("reminded_for", models.DateField(blank=True, editable=False, null=True)),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="closed on")),
                (
                    "currency",
                    models.CharField(default="DKK", max_length=3, verbose_name="currency"),
                ),
                (
                    "balance",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal(0),
                        max_digits=16,
                        verbose_name="balance",
                    ),
                ),
                (
                    "balance_on",
                    models.DateField(
                        blank=True, editable=False, null=True, verbose_name="balance as of"
                    ),
                ),
                (
                    "income_per_year",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal(0),
                        max_digits=14,
                        verbose_name="income a year",
                    ),
                ),
            ],
            options={
                "verbose_name": "holding",
                "verbose_name_plural": "holdings",
                "indexes": [
                    models.Index(
                        condition=models.Q(("closed_on__isnull", True)),
                        fields=["customer"],
                        name="holding_open",
                    ),
                    models.Index(
                        condition=models.Q(
                            ("closed_on__isnull", True), ("matures_on__isnull", False)
                        ),
                        fields=["matures_on"],
                        name="holding_maturing",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("reference",), name="holding_reference_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on__isnull", True),
                            ("closed_on__gte", models.F("opened_on")),
                            _connector="OR",
                        ),
                        name="holding_period",
                        violation_error_message="A holding cannot close before it opens.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Identifier",
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
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="identifiers",
                        to="customers.customer",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("cpr", "CPR number"),
                            ("cvr", "CVR number"),
                            ("lei", "LEI code"),
                            ("passport", "Passport number"),
                            ("id_card", "Identity card number"),
                            ("national", "Foreign personal number"),
                            ("tax", "Foreign tax number"),
                            ("company", "Foreign company number"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="country")),
                ("ciphertext", models.TextField(editable=False)),
                ("index", models.BinaryField(max_length=32)),
                ("masked", models.CharField(max_length=40, verbose_name="number")),
                ("source", models.CharField(blank=True, max_length=60, verbose_name="source")),
                ("added_at", models.DateTimeField(verbose_name="added at")),
            ],
            options={
                "verbose_name": "identifier",
                "verbose_name_plural": "identifiers",
                "indexes": [models.Index(fields=["index"], name="identifier_index")],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "country", "index"), name="identifier_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="IdentifierHistory",
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
                        to="customers.identifier",
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                (
                    "id",
                    models.UUIDField(default=clm.core.ids.uuid7, editable=False, serialize=False),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="customers.customer",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("cpr", "CPR number"),
                            ("cvr", "CVR number"),
                            ("lei", "LEI code"),
                            ("passport", "Passport number"),
                            ("id_card", "Identity card number"),
                            ("national", "Foreign personal number"),
                            ("tax", "Foreign tax number"),
                            ("company", "Foreign company number"),
                        ],
                        max_length=10,
                        verbose_name="kind",
                    ),
                ),
                ("country", models.CharField(blank=True, max_length=2, verbose_name="country")),
                ("masked", models.CharField(max_length=40, verbose_name="number")),
                ("source", models.CharField(blank=True, max_length=60, verbose_name="source")),
                ("added_at", models.DateTimeField(verbose_name="added at")),
            ],
            options={
                "db_table": "customers_identifier_history",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ImportBatch",
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
                            ("LOADING", "Loading"),
                            ("PENDING", "Awaiting release"),
                            ("RELEASED", "Released"),
                            ("REFUSED", "Refused"),
                        ],
                        db_index=True,
                        default="LOADING",
                        editable=False,
                        max_length=50,
                        protected=True,
                        verbose_name="state",
                    ),
                ),
                (
                    "state_since",
                    models.DateTimeField(editable=False, verbose_name="in this state since"),
                ),
                (
                    "job",
                    models.OneToOneField(
                        editable=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.job",
                    ),
                ),
                ("system", models.CharField(max_length=60, verbose_name="source system")),
                ("file_name", models.CharField(blank=True, max_length=255, verbose_name="file")),
                ("customers", models.PositiveIntegerField(default=0, verbose_name="customers")),
                ("review_on", models.DateField(verbose_name="next KYC review")),
            ],
            options={
                "verbose_name": "import batch",
                "verbose_name_plural": "import batches",
            },
        ),
        migrations.CreateModel(
            name="ImportMapping",
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
                ("name", models.CharField(max_length=60, unique=True, verbose_name="name")),
                ("columns", models.JSONField(default=dict, verbose_name="columns")),
            ],
            options={
                "verbose_name": "import mapping",
                "verbose_name_plural": "import mappings",
            },
        ),
        migrations.CreateModel(
            name="LawSet",
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
                ("code", models.SlugField(max_length=40, verbose_name="code")),
                ("number", models.PositiveIntegerField(verbose_name="version")),
                ("name_da", models.CharField(max_length=160, verbose_name="name in Danish")),
                ("name_en", models.CharField(max_length=160, verbose_name="name in English")),
                (
                    "countries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        size=None,
                        verbose_name="countries",
                    ),
                ),
                ("in_force_from", models.DateField(verbose_name="in force from")),
                (
                    "in_force_to",
                    models.DateField(blank=True, null=True, verbose_name="in force until"),
                ),
                ("rules", models.JSONField(verbose_name="rules")),
                ("loaded_at", models.DateTimeField(verbose_name="loaded at")),
            ],
            options={
                "verbose_name": "law set",
                "verbose_name_plural": "law sets",
                "ordering": ["code", "number"],
                "constraints": [
                    models.UniqueConstraint(fields=("code", "number"), name="law_set_version_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("in_force_to__isnull", True),
                            ("in_force_to__gt", models.F("in_force_from")),
                            _connector="OR",
                        ),
                        name="law_set_period",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="MatchKey",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
                ("kind", models.SmallIntegerField(verbose_name="kind")),
                ("key", models.BigIntegerField(verbose_name="key")),
            ],
            options={
                "verbose_name": "match key",
                "verbose_name_plural": "match keys",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("kind", "key", "customer"), name="match_key_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="MergeRow",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "merge",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="rows",
                        to="customers.customermerge",
                    ),
                ),
                ("model", models.CharField(max_length=80, verbose_name="model")),
                ("path", models.CharField(max_length=40, verbose_name="reference")),
                ("row", models.CharField(max_length=40, verbose_name="row")),
                (
                    "side",
                    models.CharField(
                        choices=[
                            ("moved", "Moved to the survivor"),
                            ("left", "Left with the merged record"),
                            ("own", "The survivor's own"),
                        ],
                        max_length=5,
                        verbose_name="side",
                    ),
                ),
            ],
            options={
                "verbose_name": "row of a merge",
                "verbose_name_plural": "rows of a merge",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("merge", "model", "path", "row"), name="merge_row_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Offer",
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
                            ("OFFERED", "Offered"),
                            ("ACCEPTED", "Accepted"),
                            ("DECLINED", "Declined"),
                            ("EXPIRED", "Expired"),
                        ],
                        db_index=True,
                        default="OFFERED",
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
                        related_name="offers",
                        to="customers.customer",
                    ),
                ),
                (
                    "product",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="offers",
                        to="customers.product",
                    ),
                ),
                ("kind", models.CharField(max_length=40, verbose_name="kind")),
                ("text", models.TextField(max_length=2000, verbose_name="text")),
                (
                    "cost",
                    models.DecimalField(
                        decimal_places=2, default=Decimal(0), max_digits=12, verbose_name="cost"
                    ),
                ),
                (
                    "currency",
                    models.CharField(default="DKK", max_length=3, verbose_name="currency"),
                ),
                (
                    "given_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                ("given_at", models.DateTimeField(verbose_name="given at")),
                (
                    "valid_until",
                    models.DateField(blank=True, null=True, verbose_name="valid until"),
                ),
            ],
            options={
                "verbose_name": "offer",
                "verbose_name_plural": "offers",
                "permissions": [("make_offer", "Can make an offer")],
                "indexes": [
                    models.Index(fields=["customer", "-given_at"], name="offer_of_customer")
                ],
            },
        ),
        migrations.CreateModel(
            name="OtherBank",
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
                ("code", models.SlugField(max_length=40, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                ("country", models.CharField(default="DK", max_length=2, verbose_name="country")),
                (
                    "address",
                    models.URLField(
                        help_text="Up to but without /v1, such as https://psd2.example.com",
                        max_length=300,
                        validators=[customers.openbanking.addresses.check_address],
                        verbose_name="address of its interface",
                    ),
                ),
                ("is_open", models.BooleanField(default=True, verbose_name="in use")),
            ],
            options={
                "verbose_name": "other bank",
                "verbose_name_plural": "other banks",
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="AccountConsent",
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
                            ("RECEIVED", "Awaiting the customer"),
                            ("VALID", "In force"),
                            ("REJECTED", "Refused"),
                            ("REVOKED", "Withdrawn"),
                            ("EXPIRED", "Expired"),
                        ],
                        db_index=True,
                        default="RECEIVED",
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
                        related_name="account_consents",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                (
                    "bank",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="customers.otherbank",
                        verbose_name="bank",
                    ),
                ),
                (
                    "scopes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("accounts", "Accounts"),
                                ("balances", "Balances"),
                                ("transactions", "Transactions"),
                            ],
                            max_length=12,
                        ),
                        size=None,
                        verbose_name="covers",
                    ),
                ),
                ("asked_on", models.DateField(verbose_name="asked on")),
                ("valid_until", models.DateField(verbose_name="valid until")),
                (
                    "frequency_per_day",
                    models.PositiveSmallIntegerField(
                        default=1,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(4),
                        ],
                        verbose_name="readings a day",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "external_id",
                    models.CharField(blank=True, max_length=120, verbose_name="id at the bank"),
                ),
                ("authorise_url", models.CharField(blank=True, max_length=500)),
                (
                    "ended_by",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("customer", "Customer"),
                            ("us", "Our bank"),
                            ("them", "The other bank"),
                        ],
                        max_length=8,
                        verbose_name="ended by",
                    ),
                ),
                (
                    "state_since",
                    models.DateTimeField(editable=False, verbose_name="in this state since"),
                ),
                (
                    "told_at",
                    models.DateTimeField(
                        blank=True, null=True, verbose_name="the other bank was told"
                    ),
                ),
                (
                    "fetched_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="last read"),
                ),
                ("call_at", models.DateTimeField(blank=True, editable=False, null=True)),
                ("lease_until", models.DateTimeField(blank=True, editable=False, null=True)),
                ("attempts", models.PositiveSmallIntegerField(default=0, editable=False)),
                ("trouble", models.CharField(blank=True, max_length=300, verbose_name="trouble")),
            ],
            options={
                "verbose_name": "account consent",
                "verbose_name_plural": "account consents",
                "indexes": [
                    models.Index(
                        condition=models.Q(("call_at__isnull", False)),
                        fields=["call_at"],
                        name="account_consent_due",
                    )
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "valid_until__lte",
                                models.ExpressionWrapper(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("asked_on"), "+", models.Value(180)
                                    ),
                                    output_field=models.DateField(),
                                ),
                            )
                        ),
                        name="account_consent_ends",
                        violation_error_message="A consent lasts 180 days at most.",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="OtherAccount",
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
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="other_accounts",
                        to="customers.customer",
                    ),
                ),
                (
                    "bank",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts",
                        to="customers.otherbank",
                    ),
                ),
                (
                    "consent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts",
                        to="customers.accountconsent",
                    ),
                ),
                ("resource_id", models.CharField(max_length=120, verbose_name="id at the bank")),
                ("masked", models.CharField(max_length=40, verbose_name="account")),
                ("index", models.BinaryField(max_length=32)),
                ("name", models.CharField(blank=True, max_length=120, verbose_name="name")),
                ("currency", models.CharField(max_length=3, verbose_name="currency")),
                (
                    "balance",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=18,
                        null=True,
                        verbose_name="balance",
                    ),
                ),
                (
                    "balance_on",
                    models.DateField(blank=True, null=True, verbose_name="balance as of"),
                ),
                ("read_to", models.DateField(blank=True, null=True, verbose_name="read up to")),
            ],
            options={
                "verbose_name": "account with another bank",
                "verbose_name_plural": "accounts with other banks",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("customer", "bank", "index", "currency"), name="other_account_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TransactionBatch",
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
                    "route",
                    models.CharField(
                        choices=[
                            ("api", "API"),
                            ("csv", "CSV file"),
                            ("camt053", "Account statement (camt.053)"),
                            ("open-banking", "Open banking"),
                        ],
                        max_length=12,
                        verbose_name="received by",
                    ),
                ),
                ("source", models.CharField(max_length=120, verbose_name="source")),
                (
                    "job",
                    models.ForeignKey(
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="core.job",
                    ),
                ),
                ("file_name", models.CharField(blank=True, max_length=255, verbose_name="file")),
                ("added", models.PositiveIntegerField(default=0, verbose_name="added")),
                ("known", models.PositiveIntegerField(default=0, verbose_name="known before")),
                ("parked", models.PositiveIntegerField(default=0, verbose_name="parked")),
                ("refused", models.PositiveIntegerField(default=0, verbose_name="refused")),
            ],
            options={
                "verbose_name": "transaction batch",
                "verbose_name_plural": "transaction batches",
            },
        ),
        migrations.CreateModel(
            name="ParkedTransaction",
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
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="waiting",
                        to="customers.transactionbatch",
                        verbose_name="batch",
                    ),
                ),
                ("source", models.CharField(max_length=120, verbose_name="source")),
                ("external_id", models.CharField(max_length=200, verbose_name="id at the source")),
                (
                    "reason",
                    models.CharField(
                        choices=[
                            ("unknown-holding", "No holding has this reference"),
                            ("implausible-date", "The date is not plausible"),
                        ],
                        max_length=20,
                        verbose_name="reason",
                    ),
                ),
                ("account", models.CharField(max_length=60, verbose_name="account")),
                ("booked_on", models.DateField(verbose_name="booked on")),
                ("content", models.TextField(editable=False)),
                ("parked_at", models.DateTimeField(verbose_name="parked at")),
            ],
            options={
                "verbose_name": "parked transaction",
                "verbose_name_plural": "parked transactions",
                "indexes": [
                    models.Index(fields=["account"], name="parked_by_account"),
                    models.Index(fields=["parked_at", "id"], name="parked_by_time"),
                ],
            },
        ),
        migrations.CreateModel(
            name="ProductHistory",
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
                        to="customers.product",
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
                ("code", models.SlugField(db_index=False, max_length=40, verbose_name="code")),
                ("name_da", models.CharField(max_length=120, verbose_name="name in Danish")),
                ("name_en", models.CharField(max_length=120, verbose_name="name in English")),
                (
                    "category",
                    models.CharField(
                        choices=[
                            ("account", "Account"),
                            ("card", "Card"),
                            ("loan", "Loan"),
                            ("mortgage", "Mortgage"),
                            ("deposit", "Deposit"),
                            ("investment", "Investment"),
                            ("insurance", "Insurance"),
                            ("pension", "Pension"),
                        ],
                        max_length=12,
                        verbose_name="category",
                    ),
                ),
                (
                    "customer_kinds",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[("person", "Person"), ("organisation", "Organisation")],
                            max_length=12,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="for",
                    ),
                ),
                (
                    "minimum_age",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="minimum age"
                    ),
                ),
                (
                    "maximum_age",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="maximum age"
                    ),
                ),
                (
                    "countries",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=2),
                        blank=True,
                        default=list,
                        help_text="Two letters each; none means everywhere.",
                        size=None,
                        verbose_name="for residents of",
                    ),
                ),
                (
                    "description_da",
                    models.TextField(
                        blank=True, max_length=1000, verbose_name="description in Danish"
                    ),
                ),
                (
                    "description_en",
                    models.TextField(
                        blank=True, max_length=1000, verbose_name="description in English"
                    ),
                ),
                (
                    "currency",
                    models.CharField(default="DKK", max_length=3, verbose_name="currency"),
                ),
                (
                    "price_per_year",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal(0),
                        max_digits=12,
                        verbose_name="price a year",
                    ),
                ),
                (
                    "margin_per_year",
                    models.DecimalField(
                        decimal_places=2,
                        default=Decimal(0),
                        max_digits=12,
                        verbose_name="margin a year",
                    ),
                ),
                (
                    "channels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("branch", "Branch"),
                                ("phone", "Phone"),
                                ("online", "Netbank"),
                                ("app", "App"),
                                ("partner", "Partner"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        size=None,
                        verbose_name="channels",
                    ),
                ),
                (
                    "documents",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(
                            choices=[
                                ("agreement", "Signed agreement"),
                                ("identity", "Proof of identity"),
                                ("payslip", "Payslips"),
                                ("tax-statement", "Tax statement"),
                                ("budget", "Budget"),
                                ("deed", "Deed"),
                                ("accounts", "Annual accounts"),
                                ("suitability", "Suitability test"),
                            ],
                            max_length=20,
                        ),
                        blank=True,
                        default=list,
                        help_text="What has to be there before the customer can have it.",
                        size=None,
                        verbose_name="documents",
                    ),
                ),
                (
                    "term_months",
                    models.PositiveSmallIntegerField(
                        blank=True,
                        help_text="Empty: it runs on without end.",
                        null=True,
                        verbose_name="term in months",
                    ),
                ),
                (
                    "notice_days",
                    models.PositiveSmallIntegerField(
                        default=60, verbose_name="days before maturity to prepare renewal"
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
            ],
            options={
                "db_table": "customers_product_history",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Relation",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("ownership", "Ownership"),
                            ("director", "Director"),
                            ("signatory", "Signatory"),
                            ("power_of_attorney", "Power of attorney"),
                            ("spouse", "Spouse"),
                            ("guardian", "Guardian"),
                            ("household", "Household"),
                            ("nominee", "Nominee"),
                        ],
                        max_length=20,
                        verbose_name="kind",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="relations",
                        to="customers.customer",
                    ),
                ),
                (
                    "other",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="relations_to",
                        to="customers.customer",
                    ),
                ),
                (
                    "share",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=9,
                        null=True,
                        verbose_name="share of capital",
                    ),
                ),
                (
                    "votes",
                    models.DecimalField(
                        blank=True,
                        decimal_places=6,
                        max_digits=9,
                        null=True,
                        verbose_name="share of votes",
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=60, verbose_name="source")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
            ],
            options={
                "verbose_name": "relation",
                "verbose_name_plural": "relations",
                "indexes": [
                    models.Index(fields=["other", "kind"], name="relation_to"),
                    models.Index(fields=["customer", "kind"], name="relation_from"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("customer", models.F("other")), _negated=True),
                        name="relation_of_two",
                        violation_error_message="Nobody is related to themselves.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("share__isnull", True),
                                models.Q(("share__gte", 0), ("share__lte", 100)),
                                _connector="OR",
                            ),
                            models.Q(
                                ("votes__isnull", True),
                                models.Q(("votes__gte", 0), ("votes__lte", 100)),
                                _connector="OR",
                            ),
                        ),
                        name="relation_percentages",
                        violation_error_message="A share is between 0 and 100 per cent.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("kind", "ownership"),
                                models.Q(
                                    ("share__isnull", False),
                                    ("votes__isnull", False),
                                    _connector="OR",
                                ),
                            ),
                            models.Q(
                                models.Q(("kind", "ownership"), _negated=True),
                                ("share__isnull", True),
                                ("votes__isnull", True),
                            ),
                            _connector="OR",
                        ),
                        name="relation_shares_are_ownership",
                        violation_error_message="An owner has a share, and nobody else has.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("valid_to__isnull", True),
                            ("valid_to__gte", models.F("valid_from")),
                            _connector="OR",
                        ),
                        name="relation_period",
                        violation_error_message="A relation cannot end before it begins.",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True)),
                        fields=("kind", "customer", "other"),
                        name="relation_once",
                        violation_error_message="This relation is recorded already.",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="RobinsonList",
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
                    "job",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="core.job"
                    ),
                ),
                ("listed_on", models.DateField(verbose_name="date of the list")),
                ("file_name", models.CharField(max_length=255, verbose_name="file")),
                (
                    "people",
                    models.PositiveIntegerField(default=0, verbose_name="people on the list"),
                ),
                (
                    "customers",
                    models.PositiveIntegerField(default=0, verbose_name="customers on the list"),
                ),
                ("added", models.PositiveIntegerField(default=0, verbose_name="new on the list")),
                (
                    "removed",
                    models.PositiveIntegerField(default=0, verbose_name="no longer on the list"),
                ),
                ("begun_at", models.DateTimeField(verbose_name="begun at")),
                (
                    "applied_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="in force since"),
                ),
            ],
            options={
                "verbose_name": "Robinson list",
                "verbose_name_plural": "Robinson lists",
                "ordering": ["-begun_at"],
                "permissions": [("import_robinson", "Can import the Robinson list")],
            },
        ),
        migrations.CreateModel(
            name="RobinsonMark",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "list",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="marks",
                        to="customers.robinsonlist",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="customers.customer",
                    ),
                ),
            ],
            options={
                "verbose_name": "customer on a Robinson list",
                "verbose_name_plural": "customers on Robinson lists",
                "constraints": [
                    models.UniqueConstraint(fields=("list", "customer"), name="robinson_mark_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="SignIn",
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
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="sign_ins",
                        to="customers.customer",
                        verbose_name="customer",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("in", "Signed in"),
                            ("out", "Signed out"),
                            ("unknown", "Not a customer"),
                        ],
                        max_length=8,
                        verbose_name="outcome",
                    ),
                ),
                (
                    "assurance",
                    models.CharField(
                        choices=[("low", "Low"), ("substantial", "Substantial"), ("high", "High")],
                        max_length=12,
                        verbose_name="assurance level",
                    ),
                ),
                ("provider", models.CharField(max_length=200, verbose_name="identity provider")),
                (
                    "transaction_id",
                    models.CharField(
                        blank=True, max_length=100, verbose_name="transaction at the provider"
                    ),
                ),
            ],
            options={
                "verbose_name": "sign-in",
                "verbose_name_plural": "sign-ins",
                "indexes": [models.Index(fields=["customer", "-at"], name="sign_in_latest")],
            },
        ),
        migrations.CreateModel(
            name="SourceRecord",
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
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="source_records",
                        to="customers.customer",
                    ),
                ),
                ("system", models.CharField(max_length=60, verbose_name="source system")),
                (
                    "external_id",
                    models.CharField(max_length=120, verbose_name="id in the source system"),
                ),
                ("digest", models.BinaryField(max_length=32)),
                ("ciphertext", models.TextField(blank=True, editable=False)),
                (
                    "batch",
                    models.ForeignKey(
                        blank=True,
                        editable=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="rows",
                        to="customers.importbatch",
                    ),
                ),
                ("seen_at", models.DateTimeField(verbose_name="seen at")),
            ],
            options={
                "verbose_name": "source record",
                "verbose_name_plural": "source records",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("system", "external_id"), name="source_record_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="SourceSystem",
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
                ("code", models.CharField(max_length=60, unique=True, verbose_name="code")),
                ("name", models.CharField(max_length=120, verbose_name="name")),
            ],
            options={
                "verbose_name": "source system",
                "verbose_name_plural": "source systems",
                "ordering": ["name", "code"],
            },
        ),
        migrations.CreateModel(
            name="SurvivorshipRules",
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
                (
                    "number",
                    models.PositiveIntegerField(
                        editable=False, unique=True, verbose_name="version"
                    ),
                ),
                (
                    "note",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="what changes and why"
                    ),
                ),
                ("policies", models.JSONField(default=dict, verbose_name="policies")),
                ("ranks", models.JSONField(default=dict, verbose_name="ranks")),
            ],
            options={
                "verbose_name": "survivorship rules",
                "verbose_name_plural": "survivorship rules",
                "ordering": ["-number"],
            },
        ),
        migrations.CreateModel(
            name="TransactionKey",
            fields=[
                ("id", models.UUIDField(editable=False, primary_key=True, serialize=False)),
                ("booked_on", models.DateField()),
                ("digest", models.BinaryField(max_length=16)),
            ],
            options={
                "verbose_name": "transaction key",
                "verbose_name_plural": "transaction keys",
            },
        ),
        migrations.CreateModel(
            name="AddressHistory",
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
                        to="customers.address",
                    ),
                ),
                ("pgh_context", pghistory.utils.JSONField(null=True)),
                (
                    "id",
                    models.UUIDField(default=clm.core.ids.uuid7, editable=False, serialize=False),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="customers.customer",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("home", "Home"),
                            ("registered", "Registered office"),
                            ("postal", "Postal"),
                        ],
                        default="home",
                        max_length=12,
                        verbose_name="kind",
                    ),
                ),
                ("line1", models.CharField(max_length=200, verbose_name="address")),
                (
                    "line2",
                    models.CharField(
                        blank=True, max_length=200, verbose_name="address, second line"
                    ),
                ),
                (
                    "postal_code",
                    models.CharField(blank=True, max_length=20, verbose_name="postal code"),
                ),
                ("city", models.CharField(blank=True, max_length=120, verbose_name="city")),
                ("country", models.CharField(default="DK", max_length=2, verbose_name="country")),
                ("source", models.CharField(blank=True, max_length=60, verbose_name="source")),
                ("valid_from", models.DateField(verbose_name="valid from")),
                ("valid_to", models.DateField(blank=True, null=True, verbose_name="valid to")),
            ],
            options={
                "db_table": "customers_address_history",
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ConsentWording",
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
                ("number", models.PositiveIntegerField(editable=False, verbose_name="version")),
                ("code", models.CharField(editable=False, max_length=40, verbose_name="name")),
                ("text_da", models.TextField(max_length=4000, verbose_name="text in Danish")),
                ("text_en", models.TextField(max_length=4000, verbose_name="text in English")),
                (
                    "note",
                    models.CharField(
                        blank=True, max_length=300, verbose_name="what changes and why"
                    ),
                ),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("own", "Written by the bank"),
                            ("shipped", "Came with the platform"),
                            ("before", "Used before the platform"),
                        ],
                        default="own",
                        editable=False,
                        max_length=7,
                        verbose_name="origin",
                    ),
                ),
                (
                    "in_force_from",
                    models.DateTimeField(editable=False, null=True, verbose_name="in force from"),
                ),
                (
                    "in_force_until",
                    models.DateTimeField(editable=False, null=True, verbose_name="in force until"),
                ),
            ],
            options={
                "verbose_name": "wording of a consent",
                "verbose_name_plural": "wordings of consents",
                "ordering": ["purpose", "-number"],
                "constraints": [
                    models.UniqueConstraint(
                        fields=("purpose", "number"), name="wording_version_once"
                    ),
                    models.UniqueConstraint(fields=("purpose", "code"), name="wording_code_once"),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "IN_FORCE")),
                        fields=("purpose",),
                        name="wording_one_in_force",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("in_force_until__isnull", True),
                            ("in_force_until__gte", models.F("in_force_from")),
                            _connector="OR",
                        ),
                        name="wording_period",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("state__in", ["DRAFT", "PENDING"]),
                            ("in_force_from__isnull", False),
                            _connector="OR",
                        ),
                        name="wording_in_force_since",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "RETIRED"), _negated=True),
                            ("in_force_until__isnull", False),
                            _connector="OR",
                        ),
                        name="wording_retired_at",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ConsentEntry",
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
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="consents",
                        to="customers.customer",
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
                (
                    "decision",
                    models.CharField(
                        choices=[
                            ("given", "Given"),
                            ("withdrawn", "Withdrawn"),
                            ("objected", "Objected to direct marketing"),
                            ("robinson", "On the Robinson list"),
                            ("unlisted", "No longer on the Robinson list"),
                        ],
                        max_length=10,
                        verbose_name="decision",
                    ),
                ),
                ("source", models.CharField(max_length=60, verbose_name="source")),
                (
                    "wording",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="customers.consentwording",
                        verbose_name="wording",
                    ),
                ),
                (
                    "wording_version",
                    models.CharField(blank=True, max_length=40, verbose_name="wording’s name"),
                ),
                (
                    "language",
                    models.CharField(
                        blank=True,
                        choices=[("da", "Danish"), ("en", "English")],
                        max_length=2,
                        verbose_name="language shown",
                    ),
                ),
                ("at", models.DateTimeField(verbose_name="at")),
                (
                    "recorded_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "consent",
                "verbose_name_plural": "consents",
                "permissions": [("record_consent", "Can record a consent")],
                "indexes": [
                    models.Index(fields=["customer", "purpose", "-at"], name="consent_latest"),
                    models.Index(
                        condition=models.Q(("decision__in", ["robinson", "unlisted"])),
                        fields=["customer", "-at", "-id"],
                        name="consent_listings",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="CustomerInsight",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="insight",
                        serialize=False,
                        to="customers.customer",
                    ),
                ),
                (
                    "churn_probability",
                    models.FloatField(blank=True, null=True, verbose_name="churn probability"),
                ),
                (
                    "churn_before",
                    models.FloatField(
                        blank=True, null=True, verbose_name="churn probability before"
                    ),
                ),
                (
                    "churn_band",
                    models.CharField(
                        blank=True,
                        choices=[("low", "Low"), ("medium", "Medium"), ("high", "High")],
                        max_length=6,
                        verbose_name="churn band",
                    ),
                ),
                (
                    "churn_reasons",
                    models.JSONField(blank=True, default=list, verbose_name="reasons"),
                ),
                (
                    "churn_scored_at",
                    models.DateTimeField(blank=True, null=True, verbose_name="scored at"),
                ),
                (
                    "model_version",
                    models.CharField(blank=True, max_length=60, verbose_name="model version"),
                ),
                (
                    "value",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=14,
                        null=True,
                        verbose_name="lifetime value",
                    ),
                ),
                (
                    "value_low",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
                ),
                (
                    "value_high",
                    models.DecimalField(blank=True, decimal_places=2, max_digits=14, null=True),
                ),
                ("segment", models.CharField(blank=True, max_length=40, verbose_name="segment")),
                ("updated_at", models.DateTimeField(verbose_name="updated at")),
            ],
            options={
                "verbose_name": "customer insight",
                "verbose_name_plural": "customer insights",
                "indexes": [models.Index(fields=["-churn_probability"], name="insight_churn")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consentwording",
            trigger=pgtrigger.compiler.Trigger(
                name="state_machine",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.state NOT IN ('DRAFT', 'IN_FORCE', 'RETIRED') THEN\n                    RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            ELSIF NEW.state IS DISTINCT FROM OLD.state THEN\n                IF (OLD.state, NEW.state) NOT IN (('DRAFT', 'PENDING'), ('IN_FORCE', 'RETIRED'), ('PENDING', 'DRAFT'), ('PENDING', 'IN_FORCE')) THEN\n                    RAISE EXCEPTION '% cannot go from % to %',\n                        TG_TABLE_NAME, OLD.state, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                IF NEW.version <> OLD.version + 1 THEN\n                    RAISE EXCEPTION '% changes its state through its life-cycle only',\n                        TG_TABLE_NAME USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="0cdfb702109f2421beb8c556d8a80c40a4e61f7a",
                    operation='INSERT OR UPDATE OF "state"',
                    pgid="pgtrigger_state_machine_f330c",
                    table="customers_consentwording",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consentwording",
            trigger=pgtrigger.compiler.Trigger(
                name="own_begins_as_draft",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.origin = 'own' AND NEW.state <> 'DRAFT')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;",
                    hash="33cf0d0053b1f97bcffd5ca2c0964be9a31005fd",
                    operation="INSERT",
                    pgid="pgtrigger_own_begins_as_draft_ee47c",
                    table="customers_consentwording",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consentwording",
            trigger=pgtrigger.compiler.Trigger(
                name="wording_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.state IN ('IN_FORCE', 'RETIRED') AND (OLD.purpose, OLD.number, OLD.code, OLD.text_da, OLD.text_en, OLD.note, OLD.origin, OLD.in_force_from) IS DISTINCT FROM (NEW.purpose, NEW.number, NEW.code, NEW.text_da, NEW.text_en, NEW.note, NEW.origin, NEW.in_force_from) OR OLD.in_force_until IS NOT NULL AND NEW.in_force_until IS DISTINCT FROM OLD.in_force_until)",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="bc470c2276db81f21d9ce9c3d4308bf13229b2c0",
                    operation="UPDATE",
                    pgid="pgtrigger_wording_stays_5eaaf",
                    table="customers_consentwording",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consentwording",
            trigger=pgtrigger.compiler.Trigger(
                name="wording_never_goes",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.state IN ('IN_FORCE', 'RETIRED'))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="98d64577d949cd8e8e04533f6bd8983eea04a0c6",
                    operation="DELETE",
                    pgid="pgtrigger_wording_never_goes_ce323",
                    table="customers_consentwording",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lawset",
            trigger=pgtrigger.compiler.Trigger(
                name="version_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="871ee41089e0dc76686a62ad8be7be7b88d82cee",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_version_stays_8cbcc",
                    table="customers_lawset",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="product",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."category" IS DISTINCT FROM (NEW."category") OR OLD."channels" IS DISTINCT FROM (NEW."channels") OR OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."countries" IS DISTINCT FROM (NEW."countries") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."currency" IS DISTINCT FROM (NEW."currency") OR OLD."customer_kinds" IS DISTINCT FROM (NEW."customer_kinds") OR OLD."description_da" IS DISTINCT FROM (NEW."description_da") OR OLD."description_en" IS DISTINCT FROM (NEW."description_en") OR OLD."documents" IS DISTINCT FROM (NEW."documents") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."margin_per_year" IS DISTINCT FROM (NEW."margin_per_year") OR OLD."maximum_age" IS DISTINCT FROM (NEW."maximum_age") OR OLD."minimum_age" IS DISTINCT FROM (NEW."minimum_age") OR OLD."name_da" IS DISTINCT FROM (NEW."name_da") OR OLD."name_en" IS DISTINCT FROM (NEW."name_en") OR OLD."notice_days" IS DISTINCT FROM (NEW."notice_days") OR OLD."price_per_year" IS DISTINCT FROM (NEW."price_per_year") OR OLD."term_months" IS DISTINCT FROM (NEW."term_months") OR OLD."valid_from" IS DISTINCT FROM (NEW."valid_from") OR OLD."valid_to" IS DISTINCT FROM (NEW."valid_to"))',
                    func='INSERT INTO "customers_product_history" ("category", "channels", "code", "countries", "created_at", "currency", "customer_kinds", "description_da", "description_en", "documents", "id", "margin_per_year", "maximum_age", "minimum_age", "name_da", "name_en", "notice_days", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "price_per_year", "term_months", "updated_at", "valid_from", "valid_to", "version") VALUES (OLD."category", OLD."channels", OLD."code", OLD."countries", OLD."created_at", OLD."currency", OLD."customer_kinds", OLD."description_da", OLD."description_en", OLD."documents", OLD."id", OLD."margin_per_year", OLD."maximum_age", OLD."minimum_age", OLD."name_da", OLD."name_en", OLD."notice_days", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', OLD."id", OLD."price_per_year", OLD."term_months", OLD."updated_at", OLD."valid_from", OLD."valid_to", OLD."version"); RETURN NULL;',
                    hash="394acad827ea55a5a1a53523f3dff47718a269d5",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e85bb",
                    table="customers_product",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="product",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "customers_product_history" ("category", "channels", "code", "countries", "created_at", "currency", "customer_kinds", "description_da", "description_en", "documents", "id", "margin_per_year", "maximum_age", "minimum_age", "name_da", "name_en", "notice_days", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "price_per_year", "term_months", "updated_at", "valid_from", "valid_to", "version") VALUES (OLD."category", OLD."channels", OLD."code", OLD."countries", OLD."created_at", OLD."currency", OLD."customer_kinds", OLD."description_da", OLD."description_en", OLD."documents", OLD."id", OLD."margin_per_year", OLD."maximum_age", OLD."minimum_age", OLD."name_da", OLD."name_en", OLD."notice_days", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."price_per_year", OLD."term_months", OLD."updated_at", OLD."valid_from", OLD."valid_to", OLD."version"); RETURN NULL;',
                    hash="20790800f1a79c65f70c27f5cd929855bc14276e",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_63659",
                    table="customers_product",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="survivorshiprules",
            trigger=pgtrigger.compiler.Trigger(
                name="state_machine",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.state NOT IN ('DRAFT') THEN\n                    RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            ELSIF NEW.state IS DISTINCT FROM OLD.state THEN\n                IF (OLD.state, NEW.state) NOT IN (('DRAFT', 'PENDING'), ('IN_FORCE', 'RETIRED'), ('PENDING', 'DRAFT'), ('PENDING', 'IN_FORCE')) THEN\n                    RAISE EXCEPTION '% cannot go from % to %',\n                        TG_TABLE_NAME, OLD.state, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                IF NEW.version <> OLD.version + 1 THEN\n                    RAISE EXCEPTION '% changes its state through its life-cycle only',\n                        TG_TABLE_NAME USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="d2f32d893685062fd538892575436f6a05dab113",
                    operation='INSERT OR UPDATE OF "state"',
                    pgid="pgtrigger_state_machine_26f80",
                    table="customers_survivorshiprules",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customer",
            trigger=pgtrigger.compiler.Trigger(
                name="state_machine",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.stage NOT IN ('PROSPECT', 'UNADMITTED') THEN\n                    RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.stage\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            ELSIF NEW.stage IS DISTINCT FROM OLD.stage THEN\n                IF (OLD.stage, NEW.stage) NOT IN (('ACTIVE', 'AT_RISK'), ('ACTIVE', 'DORMANT'), ('ACTIVE', 'OFFBOARDING'), ('AT_RISK', 'ACTIVE'), ('AT_RISK', 'DORMANT'), ('AT_RISK', 'OFFBOARDING'), ('CLOSED', 'ERASED'), ('CLOSED', 'PROSPECT'), ('DECLINED', 'ERASED'), ('DECLINED', 'PROSPECT'), ('DORMANT', 'ACTIVE'), ('DORMANT', 'OFFBOARDING'), ('OFFBOARDING', 'ACTIVE'), ('OFFBOARDING', 'CLOSED'), ('ONBOARDING', 'ACTIVE'), ('ONBOARDING', 'DECLINED'), ('ONBOARDING', 'WITHDRAWN'), ('PROSPECT', 'DECLINED'), ('PROSPECT', 'ONBOARDING'), ('PROSPECT', 'WITHDRAWN'), ('UNADMITTED', 'ACTIVE'), ('WITHDRAWN', 'ERASED'), ('WITHDRAWN', 'PROSPECT')) THEN\n                    RAISE EXCEPTION '% cannot go from % to %',\n                        TG_TABLE_NAME, OLD.stage, NEW.stage\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                IF NEW.version <> OLD.version + 1 THEN\n                    RAISE EXCEPTION '% changes its state through its life-cycle only',\n                        TG_TABLE_NAME USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="9de8903645475061f01b49a5d9b8304182e70de9",
                    operation='INSERT OR UPDATE OF "stage"',
                    pgid="pgtrigger_state_machine_d5b95",
                    table="customers_customer",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customer",
            trigger=pgtrigger.compiler.Trigger(
                name="merged_is_still",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.merged_into_id IS NOT NULL AND NEW.merged_into_id IS NOT NULL AND current_setting('clm.merging', true) IS DISTINCT FROM 'on')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="27563604865f46021c98f284bbbced06285ba2b6",
                    operation="UPDATE",
                    pgid="pgtrigger_merged_is_still_3eab4",
                    table="customers_customer",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customer",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."adviser_id" IS DISTINCT FROM (NEW."adviser_id") OR OLD."birth_place" IS DISTINCT FROM (NEW."birth_place") OR OLD."born_on" IS DISTINCT FROM (NEW."born_on") OR OLD."branch_id" IS DISTINCT FROM (NEW."branch_id") OR OLD."closed_on" IS DISTINCT FROM (NEW."closed_on") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."customer_since" IS DISTINCT FROM (NEW."customer_since") OR OLD."display_name" IS DISTINCT FROM (NEW."display_name") OR OLD."family_name" IS DISTINCT FROM (NEW."family_name") OR OLD."given_names" IS DISTINCT FROM (NEW."given_names") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."kyc_cleared_at" IS DISTINCT FROM (NEW."kyc_cleared_at") OR OLD."kyc_review_on" IS DISTINCT FROM (NEW."kyc_review_on") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."legal_form" IS DISTINCT FROM (NEW."legal_form") OR OLD."merged_into_id" IS DISTINCT FROM (NEW."merged_into_id") OR OLD."name" IS DISTINCT FROM (NEW."name") OR OLD."nationalities" IS DISTINCT FROM (NEW."nationalities") OR OLD."occupation" IS DISTINCT FROM (NEW."occupation") OR OLD."residence_country" IS DISTINCT FROM (NEW."residence_country") OR OLD."restriction" IS DISTINCT FROM (NEW."restriction") OR OLD."retention_until" IS DISTINCT FROM (NEW."retention_until") OR OLD."risk_level" IS DISTINCT FROM (NEW."risk_level") OR OLD."segment" IS DISTINCT FROM (NEW."segment") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."tax_countries" IS DISTINCT FROM (NEW."tax_countries"))',
                    func='INSERT INTO "customers_customer_history" ("adviser_id", "birth_place", "born_on", "branch_id", "closed_on", "created_at", "customer_since", "display_name", "family_name", "given_names", "id", "kind", "kyc_cleared_at", "kyc_review_on", "language", "last_transaction_on", "legal_form", "merged_into_id", "name", "nationalities", "occupation", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "residence_country", "restriction", "retention_until", "risk_level", "segment", "source", "stage", "stage_since", "tax_countries", "updated_at", "version") VALUES (OLD."adviser_id", OLD."birth_place", OLD."born_on", OLD."branch_id", OLD."closed_on", OLD."created_at", OLD."customer_since", OLD."display_name", OLD."family_name", OLD."given_names", OLD."id", OLD."kind", OLD."kyc_cleared_at", OLD."kyc_review_on", OLD."language", OLD."last_transaction_on", OLD."legal_form", OLD."merged_into_id", OLD."name", OLD."nationalities", OLD."occupation", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', OLD."id", OLD."residence_country", OLD."restriction", OLD."retention_until", OLD."risk_level", OLD."segment", OLD."source", OLD."stage", OLD."stage_since", OLD."tax_countries", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="174732e4c3cfd562827af2f057ea3c293237539f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ca86d",
                    table="customers_customer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="customer",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "customers_customer_history" ("adviser_id", "birth_place", "born_on", "branch_id", "closed_on", "created_at", "customer_since", "display_name", "family_name", "given_names", "id", "kind", "kyc_cleared_at", "kyc_review_on", "language", "last_transaction_on", "legal_form", "merged_into_id", "name", "nationalities", "occupation", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "residence_country", "restriction", "retention_until", "risk_level", "segment", "source", "stage", "stage_since", "tax_countries", "updated_at", "version") VALUES (OLD."adviser_id", OLD."birth_place", OLD."born_on", OLD."branch_id", OLD."closed_on", OLD."created_at", OLD."customer_since", OLD."display_name", OLD."family_name", OLD."given_names", OLD."id", OLD."kind", OLD."kyc_cleared_at", OLD."kyc_review_on", OLD."language", OLD."last_transaction_on", OLD."legal_form", OLD."merged_into_id", OLD."name", OLD."nationalities", OLD."occupation", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."residence_country", OLD."restriction", OLD."retention_until", OLD."risk_level", OLD."segment", OLD."source", OLD."stage", OLD."stage_since", OLD."tax_countries", OLD."updated_at", OLD."version"); RETURN NULL;',
                    hash="fa501bc522d94bc4d8c7d51a9e3ed2a011e3070f",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_939ca",
                    table="customers_customer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contactpoint",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "customers_contactpoint_history" ("customer_id", "id", "kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "valid_from", "valid_to", "value") VALUES (OLD."customer_id", OLD."id", OLD."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', OLD."id", OLD."source", OLD."valid_from", OLD."valid_to", OLD."value"); RETURN NULL;',
                    hash="a6455f9708617216b5a11a540ead027f4e2e883d",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_90fab",
                    table="customers_contactpoint",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="contactpoint",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "customers_contactpoint_history" ("customer_id", "id", "kind", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "source", "valid_from", "valid_to", "value") VALUES (OLD."customer_id", OLD."id", OLD."kind", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."source", OLD."valid_from", OLD."valid_to", OLD."value"); RETURN NULL;',
                    hash="6b3e93d51da89909957588ae8448fd7fd04942d2",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_f627e",
                    table="customers_contactpoint",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consententry",
            trigger=pgtrigger.compiler.Trigger(
                name="given_names_its_wording",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (NEW.decision = 'given' AND (NEW.wording_id IS NULL OR NEW.language = ''))",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot insert rows from % table', TG_TABLE_NAME;",
                    hash="f106d140ddc65aa583ac4bb97c999f63745d0967",
                    operation="INSERT",
                    pgid="pgtrigger_given_names_its_wording_437f6",
                    table="customers_consententry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consententry",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."at" IS DISTINCT FROM (NEW."at") OR OLD."channel" IS DISTINCT FROM (NEW."channel") OR OLD."decision" IS DISTINCT FROM (NEW."decision") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."language" IS DISTINCT FROM (NEW."language") OR OLD."purpose" IS DISTINCT FROM (NEW."purpose") OR OLD."recorded_by_id" IS DISTINCT FROM (NEW."recorded_by_id") OR OLD."source" IS DISTINCT FROM (NEW."source") OR OLD."wording_id" IS DISTINCT FROM (NEW."wording_id") OR OLD."wording_version" IS DISTINCT FROM (NEW."wording_version"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="932ac3c47c80a2474402ef52fc3f7e9a706f4eee",
                    operation="UPDATE",
                    pgid="pgtrigger_append_only_5ee9e",
                    table="customers_consententry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consententry",
            trigger=pgtrigger.compiler.Trigger(
                name="moved_by_merge_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (current_setting('clm.merging', true) IS DISTINCT FROM 'on')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="7b19cf7b2f609d36a5a923c36ee2789f4c2a33f1",
                    operation="UPDATE",
                    pgid="pgtrigger_moved_by_merge_only_24af2",
                    table="customers_consententry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="address",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "customers_address_history" ("city", "country", "customer_id", "id", "kind", "line1", "line2", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "postal_code", "source", "valid_from", "valid_to") VALUES (OLD."city", OLD."country", OLD."customer_id", OLD."id", OLD."kind", OLD."line1", OLD."line2", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', OLD."id", OLD."postal_code", OLD."source", OLD."valid_from", OLD."valid_to"); RETURN NULL;',
                    hash="721dbbd40ed45f01795bc01016ccf854f51429d1",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c914e",
                    table="customers_address",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="address",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "customers_address_history" ("city", "country", "customer_id", "id", "kind", "line1", "line2", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "postal_code", "source", "valid_from", "valid_to") VALUES (OLD."city", OLD."country", OLD."customer_id", OLD."id", OLD."kind", OLD."line1", OLD."line2", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."postal_code", OLD."source", OLD."valid_from", OLD."valid_to"); RETURN NULL;',
                    hash="de030262eeea7d73a85522ba6cf57a963c869b7c",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_9d6a5",
                    table="customers_address",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="duplicatepair",
            trigger=pgtrigger.compiler.Trigger(
                name="state_machine",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.state NOT IN ('OPEN') THEN\n                    RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            ELSIF NEW.state IS DISTINCT FROM OLD.state THEN\n                IF (OLD.state, NEW.state) NOT IN (('CONFIRMED', 'REOPENED'), ('DISMISSED', 'REOPENED'), ('OPEN', 'CONFIRMED'), ('OPEN', 'DISMISSED'), ('REOPENED', 'CONFIRMED'), ('REOPENED', 'DISMISSED')) THEN\n                    RAISE EXCEPTION '% cannot go from % to %',\n                        TG_TABLE_NAME, OLD.state, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                IF NEW.version <> OLD.version + 1 THEN\n                    RAISE EXCEPTION '% changes its state through its life-cycle only',\n                        TG_TABLE_NAME USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="41388baa8d10a2137c313000bf3bb015d6783624",
                    operation='INSERT OR UPDATE OF "state"',
                    pgid="pgtrigger_state_machine_07f2b",
                    table="customers_duplicatepair",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="identifier",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."added_at" IS DISTINCT FROM (NEW."added_at") OR OLD."country" IS DISTINCT FROM (NEW."country") OR OLD."customer_id" IS DISTINCT FROM (NEW."customer_id") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."masked" IS DISTINCT FROM (NEW."masked") OR OLD."source" IS DISTINCT FROM (NEW."source"))',
                    func='INSERT INTO "customers_identifier_history" ("added_at", "country", "customer_id", "id", "kind", "masked", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "source") VALUES (OLD."added_at", OLD."country", OLD."customer_id", OLD."id", OLD."kind", OLD."masked", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'update\', OLD."id", OLD."source"); RETURN NULL;',
                    hash="df95d0e8067505e17287b0bceb47d86658666fad",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_c23d3",
                    table="customers_identifier",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="identifier",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "customers_identifier_history" ("added_at", "country", "customer_id", "id", "kind", "masked", "pgh_context", "pgh_created_at", "pgh_label", "pgh_obj_id", "source") VALUES (OLD."added_at", OLD."country", OLD."customer_id", OLD."id", OLD."kind", OLD."masked", COALESCE(NULLIF(CURRENT_SETTING(\'pghistory.context_metadata\', TRUE), \'\'), NULL)::JSONB, NOW(), \'delete\', OLD."id", OLD."source"); RETURN NULL;',
                    hash="12492278cf32d0d85b34d295279b4b15f0e864b2",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_691e3",
                    table="customers_identifier",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="importbatch",
            trigger=pgtrigger.compiler.Trigger(
                name="state_machine",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.state NOT IN ('LOADING') THEN\n                    RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            ELSIF NEW.state IS DISTINCT FROM OLD.state THEN\n                IF (OLD.state, NEW.state) NOT IN (('LOADING', 'PENDING'), ('PENDING', 'REFUSED'), ('PENDING', 'RELEASED')) THEN\n                    RAISE EXCEPTION '% cannot go from % to %',\n                        TG_TABLE_NAME, OLD.state, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                IF NEW.version <> OLD.version + 1 THEN\n                    RAISE EXCEPTION '% changes its state through its life-cycle only',\n                        TG_TABLE_NAME USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="26f0f5e1f4c221ad4d40a76ccc42e1bf75c08709",
                    operation='INSERT OR UPDATE OF "state"',
                    pgid="pgtrigger_state_machine_f1822",
                    table="customers_importbatch",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="accountconsent",
            trigger=pgtrigger.compiler.Trigger(
                name="state_machine",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.state NOT IN ('RECEIVED') THEN\n                    RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            ELSIF NEW.state IS DISTINCT FROM OLD.state THEN\n                IF (OLD.state, NEW.state) NOT IN (('RECEIVED', 'EXPIRED'), ('RECEIVED', 'REJECTED'), ('RECEIVED', 'REVOKED'), ('RECEIVED', 'VALID'), ('VALID', 'EXPIRED'), ('VALID', 'REVOKED')) THEN\n                    RAISE EXCEPTION '% cannot go from % to %',\n                        TG_TABLE_NAME, OLD.state, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                IF NEW.version <> OLD.version + 1 THEN\n                    RAISE EXCEPTION '% changes its state through its life-cycle only',\n                        TG_TABLE_NAME USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="b15bea04c45f2b1bc7210e5111029ad7a44b163d",
                    operation='INSERT OR UPDATE OF "state"',
                    pgid="pgtrigger_state_machine_1fd73",
                    table="customers_accountconsent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="offer",
            trigger=pgtrigger.compiler.Trigger(
                name="state_machine",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n            IF TG_OP = 'INSERT' THEN\n                IF NEW.state NOT IN ('OFFERED') THEN\n                    RAISE EXCEPTION '% cannot begin as %', TG_TABLE_NAME, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n            ELSIF NEW.state IS DISTINCT FROM OLD.state THEN\n                IF (OLD.state, NEW.state) NOT IN (('OFFERED', 'ACCEPTED'), ('OFFERED', 'DECLINED'), ('OFFERED', 'EXPIRED')) THEN\n                    RAISE EXCEPTION '% cannot go from % to %',\n                        TG_TABLE_NAME, OLD.state, NEW.state\n                        USING ERRCODE = 'check_violation';\n                END IF;\n                IF NEW.version <> OLD.version + 1 THEN\n                    RAISE EXCEPTION '% changes its state through its life-cycle only',\n                        TG_TABLE_NAME USING ERRCODE = 'check_violation';\n                END IF;\n            END IF;\n            RETURN NEW;\n        ",
                    hash="19883f57e48b13637893d8cf3199416bfde808ae",
                    operation='INSERT OR UPDATE OF "state"',
                    pgid="pgtrigger_state_machine_01ccc",
                    table="customers_offer",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="signin",
            trigger=pgtrigger.compiler.Trigger(
                name="sign_in_append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."assurance" IS DISTINCT FROM (NEW."assurance") OR OLD."at" IS DISTINCT FROM (NEW."at") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."outcome" IS DISTINCT FROM (NEW."outcome") OR OLD."provider" IS DISTINCT FROM (NEW."provider"))',
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="2593e3b7cb39c3ea3df272bdafe003b23d36bb5a",
                    operation="UPDATE",
                    pgid="pgtrigger_sign_in_append_only_8dcc1",
                    table="customers_signin",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="signin",
            trigger=pgtrigger.compiler.Trigger(
                name="sign_in_moved_by_merge_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.customer_id IS DISTINCT FROM NEW.customer_id AND current_setting('clm.merging', true) IS DISTINCT FROM 'on')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="6e6db926f0044f500d4abc4b49d4eb9e37aa52c9",
                    operation="UPDATE",
                    pgid="pgtrigger_sign_in_moved_by_merge_only_7e0a2",
                    table="customers_signin",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="signin",
            trigger=pgtrigger.compiler.Trigger(
                name="sign_in_forgets_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.transaction_id <> NEW.transaction_id AND NEW.transaction_id <> '')",
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="cca7f7c0e8d9c1d270a9df63e9732a06081fe428",
                    operation="UPDATE",
                    pgid="pgtrigger_sign_in_forgets_only_23ded",
                    table="customers_signin",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="signin",
            trigger=pgtrigger.compiler.Trigger(
                name="sign_in_stays",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;",
                    hash="430946ae3bad11d1874c5a168daf67ce0d6cdd41",
                    operation="DELETE",
                    pgid="pgtrigger_sign_in_stays_61de9",
                    table="customers_signin",
                    when="BEFORE",
                ),
            ),
        ),
    ]
