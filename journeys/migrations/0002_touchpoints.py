"""The touchpoints, split by month along the time at which they happened."""

from django.db import migrations
from django.utils import timezone

FORWARD = """
CREATE TABLE journeys_touchpoint (
    id uuid NOT NULL,
    at timestamptz NOT NULL,
    ended_at timestamptz,
    journey_id uuid NOT NULL REFERENCES journeys_journey (id) DEFERRABLE INITIALLY DEFERRED,
    case_id varchar(200) NOT NULL,
    customer_id uuid REFERENCES customers_customer (id) DEFERRABLE INITIALLY DEFERRED,
    activity varchar(200) NOT NULL,
    transition varchar(40) NOT NULL DEFAULT '',
    channel varchar(80) NOT NULL DEFAULT '',
    actor varchar(200) NOT NULL DEFAULT '',
    cost numeric(14, 2),
    sentiment smallint CHECK (sentiment BETWEEN -2 AND 2),
    attributes jsonb NOT NULL DEFAULT '{}',
    source varchar(120) NOT NULL,
    external_id varchar(200) NOT NULL,
    position bigint NOT NULL,
    restricted boolean NOT NULL DEFAULT false,
    PRIMARY KEY (id, at),
    CHECK (ended_at IS NULL OR ended_at >= at)
) PARTITION BY RANGE (at);
CREATE TABLE journeys_touchpoint_default PARTITION OF journeys_touchpoint DEFAULT;
CREATE INDEX journeys_touchpoint_case ON journeys_touchpoint (journey_id, case_id, at, position);
CREATE INDEX journeys_touchpoint_customer ON journeys_touchpoint (customer_id, at)
    WHERE customer_id IS NOT NULL;
"""


def make_partitions(apps, schema_editor):
    from clm.core import partitions

    partitions.register_by_time("journeys_touchpoint", "at")
    partitions.ensure_ahead(at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [
        ("journeys", "0001_baseline"),
        ("core", "0002_event_log"),
        ("customers", "0001_baseline"),
    ]

    operations = [
        migrations.RunSQL(FORWARD, "DROP TABLE journeys_touchpoint"),
        migrations.RunPython(make_partitions, migrations.RunPython.noop),
    ]
