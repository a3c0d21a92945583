"""
Charts drawn on the server as SVG, each with a table of the same numbers.

Pure functions: values in, a `Chart` out; put it into a template as `{{ chart }}`. Whatever text
comes in is escaped. Colours are classes of the style sheet, so a chart follows the theme.
"""

from clm.core.web.charts.base import Chart
from clm.core.web.charts.flow import FlowEdge, FlowNode, flow
from clm.core.web.charts.lines import Series, line, spark
from clm.core.web.charts.quadrant import Point, quadrant
from clm.core.web.charts.shares import Part, bars, funnel, stacked
from clm.core.web.charts.waterfall import waterfall

__all__ = [
    "Chart",
    "FlowEdge",
    "FlowNode",
    "Part",
    "Point",
    "Series",
    "bars",
    "flow",
    "funnel",
    "line",
    "quadrant",
    "spark",
    "stacked",
    "waterfall",
]
