"""What analytics tells of customers."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

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
