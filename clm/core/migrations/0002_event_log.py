"""
The partitioned, append-only tables, and the functions that only their owner can run.

`Event` and `AccessLog` are split by month along their UUIDv7; Django cannot declare that.
"""

from django.db import migrations
from django.utils import timezone

FORWARD = """
CREATE TABLE core_event (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    actor_id uuid NOT NULL,
    record_type varchar(80) NOT NULL,
    record_id uuid NOT NULL,
    action varchar(80) NOT NULL,
    source varchar(50) NOT NULL DEFAULT '',
    target varchar(50) NOT NULL DEFAULT '',
    payload jsonb NOT NULL,
    detail_mac bytea,
    request_id varchar(64) NOT NULL DEFAULT '',
    cause_id uuid,
    sequence integer NOT NULL,
    prev_hash bytea NOT NULL,
    hash bytea NOT NULL,
    xact_id bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint
) PARTITION BY RANGE (id);
CREATE TABLE core_event_default PARTITION OF core_event DEFAULT;
CREATE INDEX core_event_record ON core_event (record_id, sequence);
CREATE INDEX core_event_stream ON core_event (xact_id, id);
CREATE INDEX core_event_actor ON core_event (actor_id, id);

CREATE TABLE core_accesslog (
    id uuid PRIMARY KEY,
    at timestamptz NOT NULL,
    actor_id uuid NOT NULL,
    kind varchar(8) NOT NULL,
    route varchar(160) NOT NULL,
    record_type varchar(80) NOT NULL,
    record_ids jsonb NOT NULL,
    reason text NOT NULL DEFAULT '',
    request_id varchar(64) NOT NULL DEFAULT '',
    xact_id bigint NOT NULL DEFAULT pg_current_xact_id()::text::bigint
) PARTITION BY RANGE (id);
CREATE TABLE core_accesslog_default PARTITION OF core_accesslog DEFAULT;
CREATE INDEX core_accesslog_stream ON core_accesslog (xact_id, id);
CREATE INDEX core_accesslog_actor ON core_accesslog (actor_id, id);

CREATE FUNCTION clm_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'check_violation';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON core_event
    FOR EACH ROW EXECUTE FUNCTION clm_append_only();
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON core_event
    FOR EACH STATEMENT EXECUTE FUNCTION clm_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON core_accesslog
    FOR EACH ROW EXECUTE FUNCTION clm_append_only();
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON core_accesslog
    FOR EACH STATEMENT EXECUTE FUNCTION clm_append_only();

-- Makes one partition; anyone who may run it can make partitions and nothing else.
CREATE FUNCTION clm_make_partition(parent text, suffix text, lower text, upper text)
RETURNS void LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    child text := parent || '_p' || suffix;
BEGIN
    IF NOT EXISTS (
        SELECT FROM pg_partitioned_table p JOIN pg_class c ON c.oid = p.partrelid
        WHERE c.relname = parent
    ) THEN
        RAISE EXCEPTION '% is not a partitioned table', parent;
    END IF;
    IF to_regclass(quote_ident(child)) IS NULL THEN
        EXECUTE format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L) TO (%L)',
                       child, parent, lower, upper);
    END IF;
END $$;

-- Erasure takes the words of a record's events, its histories and what approvals showed of it;
-- the chain of hashes stays valid. Runs as the owner: the application may only add here.
CREATE FUNCTION clm_erase_details(record uuid)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp AS $$
DECLARE
    gone bigint;
    total bigint;
    kept record;
BEGIN
    DELETE FROM core_eventdetail WHERE record_id = record;
    GET DIAGNOSTICS total = ROW_COUNT;
    FOR kept IN
        SELECT c.oid::regclass::text AS name, EXISTS (
            SELECT FROM pg_attribute a
            WHERE a.attrelid = c.oid AND a.attname = 'customer_id' AND NOT a.attisdropped
        ) AS of_customer
        FROM pg_class c JOIN pg_attribute o ON o.attrelid = c.oid AND o.attname = 'pgh_obj_id'
        WHERE c.relkind IN ('r', 'p') AND c.relname LIKE '%\\_history'
          AND c.relnamespace = 'public'::regnamespace
          AND o.atttypid = 'uuid'::regtype
    LOOP
        IF kept.of_customer THEN
            EXECUTE format('DELETE FROM %s WHERE pgh_obj_id = $1 OR customer_id = $1', kept.name)
            USING record;
        ELSE
            EXECUTE format('DELETE FROM %s WHERE pgh_obj_id = $1', kept.name) USING record;
        END IF;
        GET DIAGNOSTICS gone = ROW_COUNT;
        total := total + gone;
    END LOOP;
    -- A decided approval stands still for everybody else.
    PERFORM set_config('pgtrigger.ignore', '{pgtrigger_approval_decided_once_4ffbf}', true);
    UPDATE core_approval SET shown = '{}', digest = '', reason = ''
        WHERE record_id = record AND shown <> '{}';
    GET DIAGNOSTICS gone = ROW_COUNT;
    PERFORM set_config('pgtrigger.ignore', '{}', true);
    RETURN total + gone;
END $$;
REVOKE ALL ON FUNCTION clm_erase_details(uuid) FROM PUBLIC;
"""

BACKWARD = """
DROP FUNCTION clm_erase_details(uuid);
DROP FUNCTION clm_make_partition(text, text, text, text);
DROP TABLE core_accesslog;
DROP TABLE core_event;
DROP FUNCTION clm_append_only();
"""


def make_partitions(apps, schema_editor):
    from clm.core import partitions

    partitions.ensure_ahead(at=timezone.now())


class Migration(migrations.Migration):
    dependencies = [("core", "0001_baseline")]

    operations = [
        migrations.RunSQL(FORWARD, BACKWARD),
        migrations.RunPython(make_partitions, migrations.RunPython.noop),
    ]
