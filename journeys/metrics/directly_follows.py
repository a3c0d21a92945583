"""The directly-follows graph with its waits."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from journeys.eventlog import Ordered, by_group, quantiles, runs

TITLE = _("Ways from step to step")


def compute(log: Ordered) -> list[dict[str, Any]]:
    """
    How often one step directly followed another in the same case, and how long it waited: from
    the end of the first to the start of the second, below zero where they overlap. The median
    and the 90th percentile are interpolated between neighbours. Where cases begin and end is
    counted apart and never as a way.
    """
    pairs, waits = by_group(log.pairs, log.waits)
    first, counts = runs(pairs)
    if not counts.size:
        return []
    names = log.names
    columns = zip(
        pairs[first].tolist(),
        counts.tolist(),
        quantiles(waits, first, counts, 0.5).tolist(),
        quantiles(waits, first, counts, 0.9).tolist(),
        strict=True,
    )
    found = [
        {
            "source": names[pair // len(names)],
            "target": names[pair % len(names)],
            "count": count,
            "median_s": median,
            "p90_s": p90,
        }
        for pair, count, median, p90 in columns
    ]
    return sorted(found, key=lambda one: (-one["count"], one["source"], one["target"]))
