"""How long cases last."""

from django.utils.translation import gettext_lazy as _

from journeys.eventlog import Ordered, quantile

TITLE = _("How long cases last")


def compute(log: Ordered) -> dict[str, float | None]:
    """From a case's first start to its latest end: the median and the 90th percentile."""
    durations = log.closes - log.starts[log.first]
    return {"median": quantile(durations, 0.5), "p90": quantile(durations, 0.9)}
