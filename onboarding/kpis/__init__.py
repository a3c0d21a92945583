"""Key figures of onboarding, one module each, found by themselves."""

import pkgutil
from datetime import timedelta
from importlib import import_module

from clm.core.kpis import Kpi, kpis

SEES = "onboarding.view_application"
#: What is told of the past is told of so long.
WINDOW = timedelta(days=90)


def register_all() -> None:
    """Register every figure of this folder: each module has one, as `KPI`."""
    for found in pkgutil.iter_modules(__path__):
        module = import_module(f"{__name__}.{found.name}")
        kpi: Kpi = module.KPI
        kpis.register(kpi)
