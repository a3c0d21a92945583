"""The catalogue in full, transactions split by month, and accounts at other banks."""

import django.contrib.postgres.fields
import django.core.validators
import django.db.models.deletion
import django.db.models.expressions
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models
from django.utils import timezone

import clm.core.ids
import clm.core.lifecycle
import customers.openbanking.addresses

FORWARD = """
CREATE TABLE customers_transaction (
    id uuid NOT NULL,
    booked_on date NOT NULL,
    valued_on date,
    customer_id uuid NOT NULL REFERENCES customers_customer (id) DEFERRABLE INITIALLY DEFERRED,
    holding_id uuid REFERENCES customers_holding (id) DEFERRABLE INITIALLY DEFERRED,
    other_account_id uuid REFERENCES customers_otheraccount (id) DEFERRABLE INITIALLY DEFERRED,
    amount numeric(18, 2) NOT NULL,
    currency varchar(3) NOT NULL,
    kind varchar(16) NOT NULL,
    text varchar(500) NOT NULL DEFAULT '',
    counterparty_name varchar(200) NOT NULL DEFAULT '',
    counterparty_account varchar(40) NOT NULL DEFAULT '',
    counterparty_index bytea,
    counterparty_country varchar(2) NOT NULL DEFAULT '',
    source varchar(120) NOT NULL,
    external_id varchar(200) NOT NULL,
    batch_id uuid NOT NULL,
    PRIMARY KEY (id, booked_on),
    CHECK (num_nonnulls(holding_id, other_account_id) = 1)
) PARTITION BY RANGE (booked_on);
CREATE TABLE customers_transaction_default PARTITION OF customers_transaction DEFAULT;
CREATE INDEX customers_transaction_customer
    ON customers_transaction (customer_id, booked_on DESC, id DESC);
CREATE INDEX customers_transaction_day ON customers_transaction (booked_on DESC, id DESC);
"""


def make_partitions(apps, schema_editor):
    from clm.core import partitions

    partitions.register_by_time("customers_transaction", "booked_on")
    partitions.ensure_ahead(at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0002_event_log"),
        ("customers", "0002_relations"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
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
                    clm.core.lifecycle.StateField(
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
        migrations.AddField(
            model_name="holding",
            name="balance_on",
            field=models.DateField(
                blank=True, editable=False, null=True, verbose_name="balance as of"
            ),
        ),
        migrations.AddField(
            model_name="holding",
            name="reminded_for",
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name="holding",
            name="renewed_on",
            field=models.DateField(
                blank=True, editable=False, null=True, verbose_name="renewed on"
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="countries",
            field=django.contrib.postgres.fields.ArrayField(
                base_field=models.CharField(max_length=2),
                blank=True,
                default=list,
                help_text="Two letters each; none means everywhere.",
                size=None,
                verbose_name="for residents of",
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="description_da",
            field=models.TextField(
                blank=True, max_length=1000, verbose_name="description in Danish"
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="description_en",
            field=models.TextField(
                blank=True, max_length=1000, verbose_name="description in English"
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="documents",
            field=django.contrib.postgres.fields.ArrayField(
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
        migrations.AddField(
            model_name="product",
            name="maximum_age",
            field=models.PositiveSmallIntegerField(
                blank=True, null=True, verbose_name="maximum age"
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="notice_days",
            field=models.PositiveSmallIntegerField(
                default=60, verbose_name="days before maturity to prepare renewal"
            ),
        ),
        migrations.AddField(
            model_name="product",
            name="term_months",
            field=models.PositiveSmallIntegerField(
                blank=True,
                help_text="Empty: it runs on without end.",
                null=True,
                verbose_name="term in months",
            ),
        ),
        migrations.AlterField(
            model_name="product",
            name="channels",
            field=django.contrib.postgres.fields.ArrayField(
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
        migrations.AddIndex(
            model_name="holding",
            index=models.Index(
                condition=models.Q(("closed_on__isnull", True), ("matures_on__isnull", False)),
                fields=["matures_on"],
                name="holding_maturing",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="product_period",
                violation_error_message="A product cannot end before it begins.",
            ),
        ),
        migrations.AddConstraint(
            model_name="product",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("minimum_age__isnull", True),
                    ("maximum_age__isnull", True),
                    ("maximum_age__gte", models.F("minimum_age")),
                    _connector="OR",
                ),
                name="product_ages",
                violation_error_message="The maximum age lies below the minimum age.",
            ),
        ),
        migrations.AddField(
            model_name="accountconsent",
            name="asked_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="accountconsent",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="account_consents",
                to="customers.customer",
                verbose_name="customer",
            ),
        ),
        migrations.AddField(
            model_name="otheraccount",
            name="consent",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="accounts",
                to="customers.accountconsent",
            ),
        ),
        migrations.AddField(
            model_name="otheraccount",
            name="customer",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="other_accounts",
                to="customers.customer",
            ),
        ),
        migrations.AddField(
            model_name="otheraccount",
            name="bank",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="accounts",
                to="customers.otherbank",
            ),
        ),
        migrations.AddField(
            model_name="accountconsent",
            name="bank",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="consents",
                to="customers.otherbank",
                verbose_name="bank",
            ),
        ),
        migrations.AddField(
            model_name="transactionbatch",
            name="job",
            field=models.ForeignKey(
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="core.job",
            ),
        ),
        migrations.AddField(
            model_name="parkedtransaction",
            name="batch",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="waiting",
                to="customers.transactionbatch",
                verbose_name="batch",
            ),
        ),
        migrations.AddConstraint(
            model_name="otheraccount",
            constraint=models.UniqueConstraint(
                fields=("customer", "bank", "index", "currency"), name="other_account_once"
            ),
        ),
        migrations.AddIndex(
            model_name="accountconsent",
            index=models.Index(
                condition=models.Q(("call_at__isnull", False)),
                fields=["call_at"],
                name="account_consent_due",
            ),
        ),
        migrations.AddConstraint(
            model_name="accountconsent",
            constraint=models.CheckConstraint(
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
        migrations.AddIndex(
            model_name="parkedtransaction",
            index=models.Index(fields=["account"], name="parked_by_account"),
        ),
        migrations.AddIndex(
            model_name="parkedtransaction",
            index=models.Index(fields=["parked_at", "id"], name="parked_by_time"),
        ),
        migrations.RunSQL(FORWARD, "DROP TABLE customers_transaction"),
        migrations.RunPython(make_partitions, migrations.RunPython.noop),
    ]
