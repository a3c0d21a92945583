"""
Holdings as they were known at an instant.

A holding counts from when it was recorded. Its closing counts from when *that* was recorded,
and its maturity is the one before whatever changed it later: the holding's own events tell
both. Only holdings that were written later are looked up there, so a reading of the present
costs nothing.
"""

from analytics.features.reading import MINE

KNOWN_HOLDINGS = f"""
    later AS (
        SELECT e.record_id, bool_or(e.payload -> 'fields' ? 'closed_on') AS closing,
            bool_or(e.payload -> 'fields' ? 'matures_on') AS maturing,
            ((array_agg(e.payload ->> 'from' ORDER BY e.sequence)
                FILTER (WHERE e.payload -> 'fields' ? 'matures_on'))[1])::date AS matured
        FROM customers_holding h
        JOIN core_event e ON e.record_id = h.id AND e.id >= %(first_event)s::uuid
            AND e.at > %(as_of)s AND e.record_type = 'customers.Holding' AND e.action = 'change'
        WHERE h.{MINE} AND h.updated_at > %(as_of)s
        GROUP BY e.record_id
    ),
    known AS (
        SELECT h.customer_id, p.category, h.opened_on,
            CASE WHEN l.closing OR h.closed_on > %(day)s THEN NULL ELSE h.closed_on END AS closed_on,
            CASE WHEN l.maturing THEN l.matured ELSE h.matures_on END AS matures_on
        FROM customers_holding h
        JOIN customers_product p ON p.id = h.product_id
        LEFT JOIN later l ON l.record_id = h.id
        WHERE h.{MINE} AND h.opened_on <= %(day)s AND h.created_at <= %(as_of)s
    )
"""
