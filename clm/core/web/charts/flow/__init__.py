"""The directly-follows graph of a process: steps, how many went where, and where they waited."""

from clm.core.web.charts.flow.drawing import Drawing, draw
from clm.core.web.charts.flow.graph import FlowEdge, FlowNode
from clm.core.web.charts.flow.picture import flow

__all__ = ["Drawing", "FlowEdge", "FlowNode", "draw", "flow"]
