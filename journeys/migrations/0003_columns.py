"""What the columns beside the table need: which transaction wrote a row, and which cases lost one."""

import django.db.models.deletion
from django.db import migrations, models

FORWARD = """
ALTER TABLE journeys_touchpoint ADD COLUMN xact_id bigint NOT NULL DEFAULT 0;
ALTER TABLE journeys_touchpoint ALTER COLUMN xact_id
    SET DEFAULT pg_current_xact_id()::text::bigint;
CREATE INDEX journeys_touchpoint_xact ON journeys_touchpoint (journey_id, xact_id);
ALTER TABLE journeys_touchedcase ALTER COLUMN xact_id
    SET DEFAULT pg_current_xact_id()::text::bigint;

CREATE FUNCTION journeys_touchpoint_renew() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.xact_id := pg_current_xact_id()::text::bigint;
    RETURN NEW;
END $$;
CREATE TRIGGER renew BEFORE UPDATE ON journeys_touchpoint
    FOR EACH ROW EXECUTE FUNCTION journeys_touchpoint_renew();

CREATE FUNCTION journeys_touchpoint_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO journeys_touchedcase (journey_id, case_id)
        SELECT DISTINCT journey_id, case_id FROM gone ORDER BY journey_id, case_id;
    RETURN NULL;
END $$;
CREATE TRIGGER changed AFTER UPDATE ON journeys_touchpoint REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION journeys_touchpoint_left();
CREATE TRIGGER deleted AFTER DELETE ON journeys_touchpoint REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION journeys_touchpoint_left();
"""
BACKWARD = """
DROP TRIGGER deleted ON journeys_touchpoint;
DROP TRIGGER changed ON journeys_touchpoint;
DROP TRIGGER renew ON journeys_touchpoint;
DROP FUNCTION journeys_touchpoint_left();
DROP FUNCTION journeys_touchpoint_renew();
ALTER TABLE journeys_touchpoint DROP COLUMN xact_id;
"""


class Migration(migrations.Migration):
    dependencies = [("journeys", "0002_touchpoints")]

    operations = [
        migrations.CreateModel(
            name="TouchedCase",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("case_id", models.CharField(max_length=200, verbose_name="case")),
                ("xact_id", models.BigIntegerField(db_default=0, editable=False)),
                (
                    "journey",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="journeys.journey",
                    ),
                ),
            ],
            options={
                "verbose_name": "changed case",
                "verbose_name_plural": "changed cases",
                "indexes": [
                    models.Index(fields=["journey", "xact_id"], name="journeys_touched_since")
                ],
            },
        ),
        migrations.AddField(
            model_name="touchpointkey",
            name="content",
            field=models.BigIntegerField(editable=False, null=True),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
