"""The transactions, split by month along the day on which they were booked."""

from django.db import migrations
from django.utils import timezone

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
    replaces = [("customers", "0003_transactions")]

    dependencies = [
        ("core", "0002_event_log"),
        ("customers", "0001_baseline"),
    ]

    operations = [
        migrations.RunSQL(FORWARD, "DROP TABLE customers_transaction"),
        migrations.RunPython(make_partitions, migrations.RunPython.noop),
    ]
