"""Charts: whatever text comes in is escaped, and drawing and table tell the same."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clm.core.web.charts import (
    FlowEdge,
    FlowNode,
    Part,
    Series,
    bars,
    flow,
    funnel,
    line,
    spark,
    stacked,
    waterfall,
)
from clm.core.web.charts.base import shown
from clm.core.web.charts.flow import draw

texts = st.text(alphabet=st.characters(blacklist_categories=("Cs", "Cc")), max_size=30)
values = st.floats(min_value=-1e9, max_value=1e9, allow_nan=False)
parts = st.lists(st.builds(Part, label=texts, value=values), max_size=8)
EVIL = "</text><script>alert(1)</script>\"' onload=x & "


def tree(chart: object) -> ElementTree.Element:
    """The whole figure as XML: markup that came in as text would break it or add elements."""
    return ElementTree.fromstring(str(chart))


def tags(chart: object) -> set[str]:
    return {element.tag for element in tree(chart).iter()}


@given(found=parts, title=texts)
@settings(max_examples=60)
def test_any_text_and_value_makes_well_formed_drawings(found: list[Part], title: str) -> None:
    for chart in (
        bars(found, title=title),
        stacked(found, title=title),
        funnel(found, title=title),
        waterfall(found, title=title, base=1, threshold=2),
        spark([part.value for part in found], title=title, target=0),
    ):
        tree(chart)
        assert len(chart.rows) >= len(found)


@pytest.mark.parametrize(
    "chart",
    [
        bars([Part(EVIL, 1, EVIL)], title=EVIL),
        stacked([Part(EVIL, 1, EVIL)], title=EVIL),
        funnel([Part(EVIL, 1, EVIL)], title=EVIL),
        waterfall([Part(EVIL, 1)], title=EVIL, base_label=EVIL),
        line([EVIL], [Series(EVIL, [1])], title=EVIL),
        flow([FlowNode(EVIL, 1)], [FlowEdge(EVIL, EVIL, 1, EVIL)], title=EVIL),
    ],
)
def test_markup_in_text_stays_text(chart: object) -> None:
    assert "script" not in tags(chart)
    for element in tree(chart).iter():
        assert not [name for name in element.attrib if name.startswith("on") or name == "style"]


@given(
    numbers=st.lists(st.floats(min_value=0, max_value=1e6, allow_nan=False), min_size=1, max_size=8)
)
def test_the_parts_of_a_bar_fill_it(numbers: list[float]) -> None:
    chart = stacked([Part(str(i), value) for i, value in enumerate(numbers)], title="x", width=300)
    widths = [
        float(w) for w in re.findall(r'<rect class="[^"]*" x="[^"]*" width="([\d.]+)"', chart.svg)
    ]
    drawn = sum(1 for value in numbers if value / (sum(numbers) or 1) > 0)
    assert sum(widths) + 2 * max(drawn - 1, 0) == pytest.approx(300 if drawn else 0, abs=1.0)


@given(numbers=st.lists(st.integers(-1000, 1000), max_size=8), base=st.integers(-100, 100))
def test_a_waterfall_ends_at_the_sum(numbers: list[int], base: int) -> None:
    chart = waterfall([Part(str(n), n) for n in numbers], title="x", base=base, base_label="base")
    assert chart.rows[-1][1] == shown(base + sum(numbers))


def test_a_gap_breaks_the_line() -> None:
    chart = line(["a", "b", "c"], [Series("s", [1, None, 3])], title="x")
    assert chart.svg.count('class="ln"') == 2
    assert chart.rows[1] == ["b", "–"]


def test_a_series_of_another_length_is_refused() -> None:
    with pytest.raises(ValueError, match="one value for each label"):
        line(["a"], [Series("s", [1, 2])], title="x")


@st.composite
def graphs(given_: st.DrawFn) -> tuple[list[FlowNode], list[FlowEdge]]:
    count = given_(st.integers(1, 9))
    names = [f"Step {i}" for i in range(count)]
    pairs = given_(
        st.lists(
            st.tuples(st.integers(0, count - 1), st.integers(0, count - 1)),
            unique=True,
            max_size=24,
        )
    )
    edges = [
        FlowEdge(
            names[a],
            names[b],
            given_(st.integers(0, 5000)),
            given_(st.sampled_from(["2 h", "1.2 d", "a long label"])),
        )
        for a, b in pairs
    ]
    return [FlowNode(name, 10) for name in names], edges


@given(graph=graphs())
@settings(max_examples=120)
def test_in_a_flow_nothing_is_lost_and_nothing_covers_anything(
    graph: tuple[list[FlowNode], list[FlowEdge]],
) -> None:
    nodes, edges = graph
    drawing = draw(nodes, edges)
    boxes = [*drawing.nodes.values(), *drawing.labels.values()]
    assert len(boxes) == len(nodes) + len(edges)
    assert set(drawing.paths) == {(edge.source, edge.target) for edge in edges}
    for i, box in enumerate(boxes):
        assert box.x >= -0.5
        assert box.y >= 0
        assert box.x + box.width <= drawing.width + 0.5
        assert box.y + box.height <= drawing.height + 0.5
        assert not any(box.meets(other) for other in boxes[i + 1 :])
    chart = flow(nodes, edges, title="x")
    tree(chart)
    assert [row[2] for row in chart.rows] == [shown(edge.count) for edge in edges]


def test_a_straight_process_runs_straight() -> None:
    nodes = [FlowNode(name, 5) for name in "abcd"]
    drawing = draw(nodes, [FlowEdge(a, b, 5, "1 d") for a, b in ("ab", "bc", "cd")])
    assert len({box.y for box in drawing.nodes.values()}) == 1


@pytest.mark.parametrize(
    ("nodes", "edges"),
    [
        ([FlowNode("a", 1)], [FlowEdge("a", "b", 1, "")]),
        ([FlowNode("a", 1), FlowNode("a", 2)], []),
        ([FlowNode("a", 1)], [FlowEdge("a", "a", 1, ""), FlowEdge("a", "a", 2, "")]),
    ],
)
def test_a_flow_that_does_not_add_up_is_refused(
    nodes: list[FlowNode], edges: list[FlowEdge]
) -> None:
    with pytest.raises(ValueError, match=r"step|once"):
        draw(nodes, edges)
