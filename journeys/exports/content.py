"""What a map tells outside the platform: plain words and numbers, in the reader's language."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from clm.core.models import User
from clm.core.web.words import duration, number, percent
from journeys import selectors
from journeys.models import Journey, JourneyMap, MapStep
from journeys.web import canvas
from journeys.web.explorer import told


@dataclass(frozen=True)
class StepTold:
    """
    One step.

    :param figures: what is measured, each with its name; empty where nothing is
    """

    title: str
    phase: str
    volume: str = ""
    friction: int | None = None
    figures: list[tuple[str, str]] = field(default_factory=list)


@dataclass(frozen=True)
class LaneTold:
    """One lane with the texts of its cards, step by step."""

    name: str
    kind: str
    note: str
    cells: list[list[str]]


@dataclass(frozen=True)
class Felt:
    """How a persona feels, step by step."""

    name: str
    values: list[Decimal | None]


@dataclass(frozen=True)
class MapTold:
    """A map as it is shown elsewhere; `above` are the lanes over the emotions."""

    title: str
    lead: str
    language: str
    steps: list[StepTold]
    above: list[LaneTold]
    below: list[LaneTold]
    felt: list[Felt]

    @property
    def lanes(self) -> list[LaneTold]:
        return [*self.above, *self.below]


def tell(*, of: JourneyMap, actor: User, language: str, at: datetime) -> MapTold:
    """The map as the actor sees it, with what is measured within their reach."""
    board = selectors.board(of=of, actor=actor, at=at)
    own = of.journey is not None and of.journey.source == Journey.Source.LIFE_CYCLE
    drawn = canvas.rows(board)
    people = [
        Felt(str(one), [felt.get(step.pk) for step in board.steps])
        for one in board.personas
        for felt in [selectors.felt_by(of=of, persona=one)]
    ]
    day = date_format(localtime(at), "DATE_FORMAT")
    return MapTold(
        title=of.name,
        lead=f"{settings.CLM_BANK_NAME} · {of.get_kind_display()} · {day}",
        language=language,
        steps=[_step(board, step, own) for step in board.steps],
        above=[_lane(row) for row in drawn["above"]],
        below=[_lane(row) for row in drawn["below"]],
        felt=people,
    )


def _step(board: selectors.Board, found: MapStep, own: bool) -> StepTold:
    worst, volume = board.worst(found.pk), board.volume(found.pk)
    figures = []
    if worst is not None:
        figures = [
            (_("Step"), told(worst.activity, own=own)),
            (_("Cases"), number(volume)),
            (_("Measured friction"), str(worst.friction)),
            (_("Median wait after"), duration(worst.wait)),
            (_("p90"), duration(worst.p90)),
            (_("Given up"), percent(worst.lost)),
        ]
        if worst.tones:
            figures.append((_("Tone"), number(worst.tone, 1)))
    return StepTold(
        title=found.title,
        phase=found.phase,
        volume="" if volume is None else number(volume),
        friction=worst.friction if worst else None,
        figures=figures,
    )


def _lane(row: Mapping[str, Any]) -> LaneTold:
    return LaneTold(
        name=str(row["lane"]),
        kind=row["lane"].kind,
        note=str(row["note"]),
        cells=[[str(card) for card in cards] for _step, cards in row["cells"]],
    )
