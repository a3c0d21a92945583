"""The insights, the action plan and the business impact as PDF (PDF/UA)."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from clm.core.documents import pdf
from clm.core.models import User
from clm.core.web.words import money, number, percent
from journeys import selectors, words
from journeys.models import MappingProject

TEMPLATE = Path(__file__).with_name("report.typ")
Part = dict[str, Any]
Section = dict[str, Any]


def insights(*, project: MappingProject, actor: User, language: str, at: datetime) -> bytes:
    """Goal, whom it is for, what was said, the moments of truth, insights and opportunities."""
    return _made(project, _("Insights and recommendations"), _insights(project), language, at)


def plan(*, project: MappingProject, actor: User, language: str, at: datetime) -> bytes:
    """Who does what by when, what it is to change, and what it changed."""
    rows = words.plan_rows(project=project, actor=actor, at=at)
    section = _section(
        _("Action plan"),
        _table(
            [_("Action"), _("Owner"), _("Due"), _("Expected"), _("Measured")],
            [
                [one.title, one.owner or "–", _day(one.done_on or one.due_on), one.expected or "–",
                 " ".join(filter(None, (one.measured, one.rests_on)))]
                for one in rows
            ],
            widths=[3, 2, 2, 3, 4],
        ) if rows else _text(_("No action yet")),
    )  # fmt: skip
    return _made(project, _("Action plan"), [section], language, at)


def impact(*, project: MappingProject, actor: User, language: str, at: datetime) -> bytes:
    """Conversion, lost customers and lifetime value, with assumptions and their sensitivity."""
    found = selectors.impact_of(project=project, actor=actor, at=at)
    sections = [_section(_("Business impact"), _text(words.nothing_to_count()))]
    if found is not None:
        sections = list(_impact(project, found))
    return _made(project, _("Business impact"), sections, language, at)


def _insights(project: MappingProject) -> list[Section]:
    notes = selectors.notes_of(project=project)
    themes = selectors.themes_of(notes=notes)
    ranked = selectors.ranked_opportunities(project=project)
    found = [
        _section(_("Goal and scope"), _text(project.goal), _text(project.scope)),
        _section(_("Personas"), *_personas(project)),
    ]
    if notes:
        quotes = [_quote(note.quotation) for note in notes if note.quotation][:8]
        table = _table(
            [_("Theme"), _("Notes"), _("People")],
            [[theme, number(count), number(people)] for theme, count, people in themes[:20]],
            widths=[4, 1, 1], words_=1,
        )  # fmt: skip
        found.append(_section(_("Research"), *([table] if themes else []), *quotes))
    found.append(_section(_("Moments of truth"), *_moments(project)))
    found.append(_section(_("Insights and recommendations"), *_insight_parts(project)))
    if ranked:
        found.append(
            _section(
                _("Opportunities"),
                _table(
                    [_("No."), _("Opportunity"), _("Value"), _("Effort"), _("Cost a year")],
                    [
                        [str(one.place), one.opportunity.title, str(one.opportunity.worth),
                         str(one.opportunity.effort), money(one.money)]
                        for one in ranked
                    ],
                    widths=[1, 6, 1, 1, 2], words_=2,
                ),
            )
        )  # fmt: skip
    return found


def _personas(project: MappingProject) -> Iterable[Part]:
    for persona in project.personas.order_by("name"):
        phase = f" ({persona.life_phase})" if persona.life_phase else ""
        yield {"kind": "heading", "text": f"{persona.name}{phase}"}
        told = [
            (_("Reassures"), persona.reassures),
            (_("Worries"), persona.worries),
            (_("Creates value"), persona.creates_value),
        ]
        yield _list([f"{label}: {text}" for label, text in told if text])


def _moments(project: MappingProject) -> Iterable[Part]:
    for moment in selectors.moments_of(project=project):
        yield {"kind": "heading", "text": str(moment.step)}
        yield _text(moment.why)
        measured = words.measured(project, moment.measured)
        yield _list([one for one in (moment.evidence, *measured) if one])


def _insight_parts(project: MappingProject) -> Iterable[Part]:
    for one in selectors.insights_of(project=project):
        yield _text(one.text)
        if one.recommendation:
            yield _list([one.recommendation])


def _impact(project: MappingProject, found: selectors.Impact) -> Iterable[Section]:
    yield _section(
        _("What is measured"),
        _table(
            [_("Figure"), _("Value")],
            [
                [_("Cases"), number(found.cases)],
                [_("Conversion of the decided cases"), percent(found.conversion, 1)],
                [_("Customers lost a year"), number(round(found.lost))],
                [_("Delay beyond the norm, a year"), money(round(found.delay_cost))],
            ],
            widths=[3, 1],
            words_=1,
        ),
    )
    years = _("Over %(years)s years") % {"years": number(found.assumed.years, 1)}
    scenarios: list[tuple[str, Callable[[Any], str]]] = [
        (_("Share of the lost that is kept"), lambda one: percent(one.assumed.achieved)),
        (_("Worth a year"), lambda one: money(round(one.assumed.value))),
        (_("Customers kept a year"), lambda one: number(one.kept)),
        (_("In the first year"), lambda one: money(round(one.a_year))),
        (years, lambda one: money(round(one.lifetime))),
    ]
    yield _section(
        _("What less friction would be worth"),
        _table(
            [_("Assumed"), _("Low"), _("Middle"), _("High")],
            [[label, *(tell(one) for one in found.scenarios)] for label, tell in scenarios],
            widths=[3, 1, 1, 1],
            words_=1,
        ),
    )
    yield _section(
        _("One assumption at a time"),
        _table(
            [_("Assumption"), _("Low"), _("High")],
            [
                [name, money(round(low)), money(round(high))]
                for name, low, high in words.by_one(found)
            ],
            widths=[4, 1, 1],
            words_=1,
        ),
    )
    yield _section(_("Assumptions"), _list(words.assumptions(project, found)))


def _made(
    project: MappingProject, title: str, sections: Sequence[Section], language: str, at: datetime
) -> bytes:
    lead = _("%(project)s · %(depth)s · %(day)s") % {
        "project": project.title,
        "depth": project.get_depth_display(),
        "day": _day(timezone.localdate(at)),
    }
    content = {
        "title": title,
        "bank": settings.CLM_BANK_NAME,
        "language": language,
        "lead": lead,
        "sections": [one for one in sections if one["parts"]],
    }
    return pdf(template=TEMPLATE, content=content, at=at)


def _section(heading: str, *parts: Part) -> Section:
    return {"heading": heading, "parts": [one for one in parts if one.get("text", "x")]}


def _text(text: str) -> Part:
    return {"kind": "text", "text": text}


def _quote(text: str) -> Part:
    return {"kind": "quote", "text": text}


def _list(lines: Sequence[str]) -> Part:
    return {"kind": "list", "lines": list(lines)}


def _table(
    header: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    widths: Sequence[int],
    words_: int | None = None,
) -> Part:
    """:param words_: how many columns are words; those after them are numbers"""
    return {
        "kind": "table",
        "header": list(header),
        "rows": [list(row) for row in rows],
        "widths": list(widths),
        "words": len(header) if words_ is None else words_,
    }


def _day(day: date | None) -> str:
    return formats.date_format(day, "DATE_FORMAT") if day else "–"
