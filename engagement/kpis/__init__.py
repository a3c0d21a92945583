"""Key figures of engagement, one module each, found by themselves."""

import pkgutil
from importlib import import_module

from clm.core.kpis import Kpi, kpis

SEES = "engagement.view_feedback"


def register_all() -> None:
    """Register every figure of this folder: each module has one, as `KPI`."""
    for found in pkgutil.iter_modules(__path__):
        module = import_module(f"{__name__}.{found.name}")
        kpi: Kpi = module.KPI
        kpis.register(kpi)
