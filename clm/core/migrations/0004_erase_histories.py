"""
Erasure takes the words of a record's events, its histories and what approvals showed of it.

Runs as the owner: the application may add to these tables and nothing else.
"""

from django.db import migrations

FORWARD = """
CREATE OR REPLACE FUNCTION clm_erase_details(record uuid)
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
CREATE OR REPLACE FUNCTION clm_erase_details(record uuid)
RETURNS bigint LANGUAGE sql SECURITY DEFINER SET search_path = public, pg_temp AS $$
    WITH gone AS (DELETE FROM core_eventdetail WHERE record_id = record RETURNING 1)
    SELECT count(*) FROM gone;
$$;
GRANT EXECUTE ON FUNCTION clm_erase_details(uuid) TO PUBLIC;
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0003_history")]

    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
