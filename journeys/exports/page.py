"""
The map as one page that needs no server: everything is in the file, and it asks for nothing.

Its policy forbids whatever it would load. The little script in it shows one persona's curve at a
time and what is measured at a step; without it all of that is simply there.
"""

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from clm.core.web.charts.base import joined
from journeys.exports.content import LaneTold, MapTold
from journeys.web.curve import Point, curve

_STYLE = """
:root { color-scheme: light dark; --ink: light-dark(#14212b,#e6edf2); --soft: light-dark(#52626e,#a3b1bb);
 --line: light-dark(#d8dfe4,#33404a); --paper: light-dark(#fff,#171e24); --sunken: light-dark(#f0f3f5,#1f2830);
 --accent: light-dark(#0b5a80,#7cc0e4); }
body { margin: 1.5rem; font: 14px/1.4 Inter, system-ui, sans-serif; color: var(--ink); background: var(--paper); }
h1 { font-size: 1.4rem; margin: 0; } p { margin: .25rem 0 1rem; color: var(--soft); }
.wrap { overflow: auto; max-height: 85vh; border: 1px solid var(--line); border-radius: 8px; }
table { border-collapse: separate; border-spacing: 0; table-layout: fixed; width: 1px; font-size: 12px; }
th, td { width: 124px; box-sizing: border-box; padding: 6px; vertical-align: top; text-align: start; overflow-wrap: anywhere;
 border-block-end: 1px solid var(--line); border-inline-end: 1px solid var(--line); background: var(--paper); }
th[scope=row] { position: sticky; left: 0; z-index: 1; width: 136px; background: var(--sunken); color: var(--soft); }
thead th { font-size: 13px; } small { display: block; font-weight: 400; color: var(--soft); }
.note { display: block; padding: 4px 6px; border-radius: 4px; background: var(--sunken); margin-bottom: 4px; white-space: pre-line; }
.k-thoughts .note { font-style: italic; } .k-pain .note { background: light-dark(#fbe9e7,#3b1f1d); }
.k-idea .note, .k-dna .note { background: light-dark(#e2eff6,#173040); } .k-solution .note { background: light-dark(#e4f3ea,#162f21); }
td.full { padding: 0; } svg { display: block; } svg text { font-size: 12px; fill: var(--soft); } svg .m { text-anchor: middle; }
svg .v { fill: var(--ink); font-weight: 600; } .ax { stroke: var(--line); } .ax-d { stroke: var(--soft); stroke-dasharray: 3 3; }
.emo { fill: none; stroke: var(--accent); stroke-width: 2.25; } .emo-p { fill: var(--paper); stroke: var(--accent); stroke-width: 2; }
.fr { opacity: .6; } .h1f { fill: light-dark(#c3ced6,#465461); } .h2f { fill: #e9bf6e; } .h3f { fill: #dc9440; } .h4f { fill: #cc6544; }
details summary { cursor: pointer; } dl { margin: 4px 0; } dl div { display: flex; justify-content: space-between; gap: 8px; }
dt { color: var(--soft); } dd { margin: 0; font-weight: 600; } [hidden] { display: none; }
"""
_SCRIPT = """
const pick = document.querySelector("select");
const show = () => { for (const one of document.querySelectorAll("[data-who]")) one.hidden = one.dataset.who !== pick.value; };
if (pick) { pick.addEventListener("change", show); show(); }
"""
_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"


def page(told: MapTold) -> str:
    """The whole file; whatever text is on the map is escaped."""
    people = format_html_join(
        "", '<option value="{}">{}</option>',
        ((number, one.name) for number, one in enumerate(told.felt)),
    )  # fmt: skip
    choice = format_html("<label>{} <select>{}</select></label>", _("Persona"), people)
    return format_html(
        '<!DOCTYPE html>\n<html lang="{}"><head><meta charset="utf-8">'
        '<meta http-equiv="Content-Security-Policy" content="{}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        "<title>{}</title><style>{}</style></head><body><main><h1>{}</h1><p>{}</p>{}"
        '<div class="wrap" tabindex="0" role="group" aria-label="{}"><table>{}{}</table></div>'
        "</main><script>{}</script></body></html>\n",
        told.language, SafeString(_POLICY), told.title, _safe(_STYLE), told.title, told.lead,
        choice if told.felt else "", told.title, _head(told), _body(told), _safe(_SCRIPT),
    )  # fmt: skip


def _safe(text: str) -> SafeString:
    # Written above, not by anybody who draws.
    return mark_safe(text)  # noqa: S308


def _head(told: MapTold) -> SafeString:
    cells = []
    for one in told.steps:
        facts = format_html_join(
            "", "<div><dt>{}</dt><dd>{}</dd></div>", ((name, value) for name, value in one.figures)
        )
        more = (
            format_html("<details><summary>{}</summary><dl>{}</dl></details>", _("Measured"), facts)
            if one.figures
            else SafeString("")
        )
        cells.append(
            format_html('<th scope="col"><small>{}</small>{}{}</th>', one.phase, one.title, more)
        )
    return format_html(
        '<thead><tr><th scope="row">{}</th>{}</tr></thead>', _("Step"), joined(cells)
    )


def _body(told: MapTold) -> SafeString:
    curves = []
    for number, felt in enumerate(told.felt or []):
        points = [
            Point(key="", name=step.title, felt=value, friction=step.friction)
            for step, value in zip(told.steps, felt.values, strict=True)
        ]
        drawn = curve(points, title=f"{_('Emotion')}: {felt.name}")
        curves.append(format_html('<div data-who="{}">{}</div>', number, drawn.svg))
    if not curves and told.steps:
        points = [Point(key="", name=one.title, friction=one.friction) for one in told.steps]
        curves.append(curve(points, title=_("Friction")).svg)
    emotion = format_html(
        '<tr><th scope="row">{}<small>{}</small></th><td class="full" colspan="{}">{}</td></tr>',
        _("Emotion"), _("felt, −2 to +2"), max(len(told.steps), 1), joined(curves),
    )  # fmt: skip
    rows = [*map(_lane, told.above), emotion, *map(_lane, told.below)]
    return format_html("<tbody>{}</tbody>", joined(rows))


def _lane(lane: LaneTold) -> SafeString:
    cells = [
        format_html("<td>{}</td>", format_html_join(
            "", '<span class="note">{}</span>', ((text,) for text in cell)
        ))
        for cell in lane.cells
    ]  # fmt: skip
    return format_html(
        '<tr class="k-{}"><th scope="row">{}<small>{}</small></th>{}</tr>',
        lane.kind, lane.name, lane.note, joined(cells),
    )  # fmt: skip
