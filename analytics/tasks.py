"""Periodic work of analytics."""

from datetime import datetime, timedelta

from analytics import selectors, services
from analytics.figures.services import compute_figures
from clm.core.actors import system_user
from clm.core.schedule import periodic


@periodic("analytics.nightly_scores", every=timedelta(days=1), offset=timedelta(hours=2))
def nightly_scores(*, at: datetime) -> None:
    """Every night each customer gets a new churn score, once a model is in use."""
    if selectors.model_in_use() is not None:
        services.start_scoring(actor=system_user(), at=at)


@periodic("analytics.weekly_training", every=timedelta(days=7), offset=timedelta(days=2, hours=4))
def weekly_training(*, at: datetime) -> None:
    """
    Every Saturday a challenger is trained against the model in use; without one a bank has to
    decide first whether it wants any.
    """
    if selectors.model_in_use() is not None:
        services.start_training(actor=system_user(), at=at)


@periodic("analytics.figures", every=timedelta(days=1), offset=timedelta(hours=3))
def nightly_figures(*, at: datetime) -> None:
    """Every night each key figure is computed and kept."""
    compute_figures(at=at)
