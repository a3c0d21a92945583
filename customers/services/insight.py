"""What analytics tells of customers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from clm.core.models import User
from customers.models import CustomerInsight

FIELDS = (
    "churn_probability",
    "churn_before",
    "churn_band",
    "churn_reasons",
    "churn_scored_at",
    "model_version",
    "value",
    "value_low",
    "value_high",
    "segment",
)


def set_insight(
    *, customer_id: UUID, at: datetime, actor: User | None = None, **values: Any
) -> CustomerInsight:
    """Write the given scores of one customer; the others stay."""
    return set_insights(rows=[{"customer_id": customer_id, **values}], at=at)[0]


def set_insights(*, rows: Sequence[Mapping[str, Any]], at: datetime) -> list[CustomerInsight]:
    """
    Write scores of many customers in one statement.

    :param rows: each with `customer_id` and some of `FIELDS`, the same ones in every row
    """
    if not rows:
        return []
    names = [name for name in rows[0] if name != "customer_id"]
    unknown = set(names) - set(FIELDS)
    if unknown:
        raise TypeError(f"not a field of an insight: {', '.join(sorted(unknown))}")
    insights = [
        CustomerInsight(
            customer_id=row["customer_id"], updated_at=at, **{name: row[name] for name in names}
        )
        for row in rows
    ]
    CustomerInsight.objects.bulk_create(
        insights,
        batch_size=1000,
        update_conflicts=True,
        unique_fields=["customer_id"],
        update_fields=[*names, "updated_at"],
    )
    return insights


def set_churn(
    *,
    customer_ids: Sequence[UUID],
    probabilities: Sequence[float],
    before: Sequence[float | None],
    bands: Sequence[str],
    reasons: Sequence[str],
    model_version: str,
    at: datetime,
) -> None:
    """
    Write the churn scores of very many customers in one statement; what else is known stays.

    :param reasons: of each customer as JSON text, ready to be stored
    """
    with connection.cursor() as cursor:
        cursor.execute(
            _SET_CHURN,
            [
                at, model_version, at, [str(key) for key in customer_ids], list(probabilities),
                list(before), list(bands), list(reasons),
            ],
        )  # fmt: skip


_SET_CHURN = """
    INSERT INTO customers_customerinsight AS known (customer_id, churn_probability, churn_before,
        churn_band, churn_reasons, churn_scored_at, model_version, segment, updated_at)
    SELECT customer_id, probability, before, band, reasons::jsonb, %s, %s, '', %s
    FROM unnest(%s::uuid[], %s::float8[], %s::float8[], %s::text[], %s::text[])
        AS new (customer_id, probability, before, band, reasons)
    ORDER BY customer_id
    ON CONFLICT (customer_id) DO UPDATE SET churn_probability = EXCLUDED.churn_probability,
        churn_before = EXCLUDED.churn_before, churn_band = EXCLUDED.churn_band,
        churn_reasons = EXCLUDED.churn_reasons, churn_scored_at = EXCLUDED.churn_scored_at,
        model_version = EXCLUDED.model_version, updated_at = EXCLUDED.updated_at
"""
