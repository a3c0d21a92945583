"""What a flow graph is made of."""

from dataclasses import dataclass

from clm.core.web.charts.base import Number


@dataclass(frozen=True)
class FlowNode:
    """
    A step.

    :param heat: 1 to 4 on the friction scale, 0 for none; `score` is the number beside it
    :param end: people left here
    """

    name: str
    count: Number
    heat: int = 0
    score: str = ""
    end: bool = False
    selected: bool = False
    url: str = ""


@dataclass(frozen=True)
class FlowEdge:
    """From one step to the next: how many, and the chosen measure as the label."""

    source: str
    target: str
    count: Number
    label: str
    heat: int = 1
    dashed: bool = False
    url: str = ""
