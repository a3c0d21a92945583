"""Workshop materials as a presentation: whom it is about, what is known, boards to write on."""

import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from clm.core.models import User
from journeys import selectors, words
from journeys.models import MapCard, MapLane, MappingProject, MapStep

#: Steps on one board; more would leave no room to write.
STEPS_A_BOARD = 5
LANES_A_BOARD = 6
_LINES_A_SLIDE = 9


def workshop(*, project: MappingProject, actor: User, language: str, at: datetime) -> bytes:
    """
    A deck: goal and scope, each persona with its empathy map, what was heard and measured, a
    board for every few steps of the maps, the bank's DNA, and a sheet for opportunities.
    """
    from pptx import Presentation
    from pptx.util import Inches

    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(13.333), Inches(7.5)
    deck.core_properties.title = _plain(project.title)
    deck.core_properties.author = settings.CLM_BANK_NAME
    deck.core_properties.language = language
    day = formats.date_format(timezone.localdate(at), "DATE_FORMAT")
    _title(deck, project.title, f"{_('Workshop')} · {settings.CLM_BANK_NAME} · {day}")
    _lines(deck, _("Goal and scope"), [project.goal, project.scope, *_points(project)])
    for persona in project.personas.order_by("name"):
        phase = f" ({persona.life_phase})" if persona.life_phase else ""
        _grid(
            deck,
            f"{_('Empathy map')}: {persona.name}{phase}",
            [_("Goals"), _("Reassures"), _("Worries"), _("Creates value")],
            [[persona.goals, persona.reassures, persona.worries, persona.creates_value]],
        )
    notes = selectors.notes_of(project=project)
    quotes = [f"“{note.quotation}”" for note in notes if note.quotation]
    themes = [f"{name} ({count})" for name, count, _n in selectors.themes_of(notes=notes)]
    if notes:
        _lines(deck, _("What we heard"), [", ".join(themes), *quotes])
    measured = [
        f"{moment.step}: {line}"
        for moment in selectors.moments_of(project=project)
        for line in words.measured(project, moment.measured)
    ]
    if measured:
        _lines(deck, _("What is measured"), measured)
    for drawn in (project.as_is, project.to_be):
        if drawn is not None:
            _boards(deck, f"{drawn.get_kind_display()}: {drawn.name}", drawn)
    values = [
        f"{one.name} ({one.score}/5): {', '.join(one.touchpoints)}"
        for one in selectors.bank_values(actor=actor)
        if one.in_use
    ]
    solutions = [
        f"{one.name} ({one.provider}): {one.solves}"
        for one in selectors.shared_solutions(actor=actor)
        if one.in_use
    ]
    if values or solutions:
        _lines(deck, _("Bank DNA and shared solutions"), [*values, *solutions])
    _grid(
        deck,
        _("Opportunities by value and effort"),
        ["", _("Little effort"), _("Much effort")],
        [[_("Much value"), "", ""], [_("Little value"), "", ""]],
    )
    out = io.BytesIO()
    deck.save(out)
    return out.getvalue()


def _points(project: MappingProject) -> Iterable[str]:
    for point in selectors.points_of(project=project):
        yield f"{point.get_kind_display()}: {point.text}"


def _boards(deck: Any, title: str, drawn: Any) -> None:
    """The map in pieces, with what stands on it and room for more."""
    steps = list(MapStep.objects.filter(map=drawn, removed_at=None).order_by("order"))
    lanes = list(MapLane.objects.filter(map=drawn, removed_at=None).order_by("order"))
    texts: dict[tuple[Any, Any], list[str]] = {}
    for card in MapCard.objects.filter(map=drawn, removed_at=None).order_by("order"):
        texts.setdefault((card.lane_id, card.step_id), []).append(card.text)
    for first in range(0, len(steps), STEPS_A_BOARD):
        piece = steps[first : first + STEPS_A_BOARD]
        for top in range(0, max(len(lanes), 1), LANES_A_BOARD):
            rows = [
                [str(lane), *("\n".join(texts.get((lane.pk, step.pk), [])) for step in piece)]
                for lane in lanes[top : top + LANES_A_BOARD]
            ]
            _grid(
                deck,
                title,
                ["", *(step.title for step in piece)],
                rows or [[""] * (len(piece) + 1)],
            )


def _title(deck: Any, title: str, below: str) -> None:
    slide = deck.slides.add_slide(deck.slide_layouts[0])
    slide.shapes.title.text = _plain(title)
    slide.placeholders[1].text = _plain(below)


def _lines(deck: Any, title: str, lines: Sequence[str]) -> None:
    from pptx.util import Pt

    told = [_plain(one) for one in lines if one.strip()]
    for first in range(0, len(told), _LINES_A_SLIDE):
        slide = deck.slides.add_slide(deck.slide_layouts[1])
        slide.shapes.title.text = _plain(title)
        frame = slide.placeholders[1].text_frame
        for number, line in enumerate(told[first : first + _LINES_A_SLIDE]):
            paragraph = frame.paragraphs[0] if number == 0 else frame.add_paragraph()
            paragraph.text = line[:600]
            paragraph.font.size = Pt(16)


def _grid(deck: Any, title: str, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table as large as the slide, to write into."""
    from pptx.util import Inches, Pt

    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = _plain(title)
    slide.shapes.title.text_frame.paragraphs[0].font.size = Pt(24)
    left, top, width, height = Inches(0.4), Inches(1.4), Inches(12.5), Inches(5.6)
    table = slide.shapes.add_table(len(rows) + 1, len(header), left, top, width, height).table
    for line, row in enumerate([header, *rows]):
        for column, text in enumerate(row):
            cell = table.cell(line, column)
            cell.text = _plain(text)[:400]
            for paragraph in cell.text_frame.paragraphs:
                paragraph.font.size = Pt(14 if line == 0 else 11)


def _plain(text: str) -> str:
    """What XML can hold: no control characters but the line break."""
    return "".join(one for one in text if one == "\n" or one.isprintable())
