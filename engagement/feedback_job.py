"""The jobs of feedback: a file of notes and reviews, and the themes in all texts."""

from collections.abc import Mapping, Sequence
from datetime import datetime, time
from itertools import islice
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clm.core import crypto, jobs, records
from clm.core.clocks import ZONE
from clm.core.models import Job
from clm.core.table_jobs import Fault, keep_faults, note_passed_over, note_unlisted, table_of
from clm.core.tables import Place, Row, Table, meanings
from engagement.models import SCALES, Feedback, Measure, Origin, Theme
from engagement.themes import MOST_TEXTS, find_themes

CHUNK = 1000
MAX_ERRORS = 20_000
COUNTS = ("created", "unchanged", "failed")
COLUMNS: dict[str, tuple[str, ...]] = {
    "external_id": ("id", "review_id"),
    "origin": ("kind", "source", "kilde"),
    "text": ("comment", "review", "note", "tekst", "kommentar"),
    "measure": ("maal", "mål"),
    "score": ("rating", "stars", "karakter"),
    "said_at": ("date", "at", "dato", "tid"),
}


@jobs.registry.register
class ImportFeedback:
    """
    Focus group and interview notes, social media and app reviews from CSV, XLSX or JSON Lines.

    Parameters: `origin` of rows that name none, `dry_run`. A row known at its origin changes
    nothing; without an id the row's own words are its id.
    """

    name = "engagement.feedback"
    label = gettext_lazy("Import of feedback")
    permission = "engagement.add_feedback"

    def step(self, *, job: Job, at: datetime) -> bool:
        with table_of(job) as table:
            if not job.cursor:
                _begin(job, table)
                return False
            rows = _chunk(job, table, at)
        if rows == CHUNK:
            return False
        note_unlisted(job, count=job.cursor["errors"], most=MAX_ERRORS)
        return True


@jobs.registry.register
class FindThemes:
    """What free texts are about: the newest 5,000, grouped; the themes of before are replaced."""

    name = "engagement.themes"
    label = gettext_lazy("Themes in free text")
    permission = "engagement.change_survey"

    def step(self, *, job: Job, at: datetime) -> bool:
        texts = list(
            Feedback.objects.exclude(text="")
            .order_by("-said_at", "-id")
            .values_list("pk", "text")[:MOST_TEXTS]
        )
        groups = find_themes([text for _pk, text in texts])
        Theme.objects.all().delete()
        for group in groups:
            theme = Theme.objects.create(words=group.words, count=len(group.members), made_at=at)
            members = [texts[place][0] for place in group.members]
            Feedback.objects.filter(pk__in=members).update(theme=theme)
        job.total = job.done = len(texts)
        job.outcome = {"texts": len(texts), "themes": len(groups)}
        return True


def _begin(job: Job, table: Table) -> None:
    meaning = meanings(table.columns, COLUMNS)
    if "text" not in meaning.values():
        raise jobs.JobFailed(_("No column holds a text. Expected is text, comment or review."))
    job.total = sum(1 for _row in table.rows())
    job.cursor = {"header": table.header(), "place": list(table.first), "errors": 0}
    job.outcome = dict.fromkeys(COUNTS, 0)
    note_passed_over(job, table, meaning)


def _chunk(job: Job, table: Table, at: datetime) -> int:
    meaning = meanings(table.columns, COLUMNS)
    rows = list(islice(table.rows(Place(*job.cursor["place"])), CHUNK))
    good: list[Feedback] = []
    faults: list[Fault] = []
    for row in rows:
        try:
            good.append(_understood(row, meaning, job, at))
        except _BadRow as bad:
            faults.append(Fault(row.line, bad.column, bad.code, bad.sentence))
    known = {
        (origin, key)
        for origin, key in Feedback.objects.filter(
            external_id__in=[one.external_id for one in good]
        ).values_list("origin", "external_id")
    }
    fresh: dict[tuple[str, str], Feedback] = {}
    for one in good:
        if (one.origin, one.external_id) not in known:
            fresh.setdefault((one.origin, one.external_id), one)
    job.outcome["unchanged"] += len(good) - len(fresh)
    job.outcome["created"] += len(fresh)
    job.outcome["failed"] += len(faults)
    if not job.parameters.get("dry_run"):
        _store(list(fresh.values()), job, at)
    keep_faults(job, faults, before=job.cursor["errors"], most=MAX_ERRORS)
    place = list(rows[-1].after) if rows else job.cursor["place"]
    job.cursor = {**job.cursor, "place": place, "errors": job.cursor["errors"] + len(faults)}
    job.done += len(rows)
    return len(rows)


def _store(fresh: Sequence[Feedback], job: Job, at: datetime) -> None:
    records.create_many(
        records=fresh, actor=job.created_by, at=at, validate=False,
        payloads=[{"origin": one.origin, "job": str(job.pk)} for one in fresh],
    )  # fmt: skip


class _BadRow(Exception):
    """A row that cannot be used; a fault never repeats what the cell held."""

    def __init__(self, column: str, code: str, sentence: str) -> None:
        self.column, self.code, self.sentence = column, code, sentence
        super().__init__(sentence)


def _understood(row: Row, meaning: Mapping[int, str], job: Job, at: datetime) -> Feedback:
    if row.fault:
        raise _BadRow("", *row.fault)
    said = {name: _cell(name, row.cells[place]) for place, name in meaning.items()}
    text = said.get("text", "")
    if not text:
        raise _BadRow("text", "required", _("There is no text."))
    if len(text) > 4000:
        raise _BadRow("text", "too_long", _("The text is longer than 4,000 characters."))
    origin = said.get("origin", "").lower().replace(" ", "_") or str(job.parameters["origin"])
    if origin not in Origin.values or origin == Origin.SURVEY:
        raise _BadRow("origin", "unknown", _("There is no such origin."))
    measure, score = _scored(said)
    key = said.get("external_id", "")
    if len(key) > 120:
        raise _BadRow("external_id", "too_long", _("The id is longer than 120 characters."))
    plain = "\x1f".join((said.get("said_at", ""), str(score), text))
    key = key or f"row:{crypto.blind_index(value=plain, purpose='engagement.feedback').hex()}"
    feedback = Feedback(
        origin=origin, measure=measure, score=score, text=text,
        said_at=_time(said.get("said_at", ""), at), external_id=key,
    )  # fmt: skip
    try:
        feedback.clean_fields(exclude=["survey", "customer", "invitation", "theme", "created_at",
                                       "updated_at"])  # fmt: skip
    except ValidationError as error:
        raise _BadRow("", "invalid", " ".join(error.messages)) from None
    return feedback


def _cell(name: str, cell: Any) -> str:
    text = str(cell if cell is not None else "").replace("\x00", "").strip()
    if any("\ud800" <= one <= "\udfff" for one in text):
        raise _BadRow(name, "encoding", _("This cell is not in UTF-8."))
    return text


def _scored(said: Mapping[str, str]) -> tuple[str, int | None]:
    text, measure = said.get("score", ""), said.get("measure", "").lower()
    if not text:
        return "", None
    measure = measure or Measure.CSAT
    if measure not in Measure.values:
        raise _BadRow("measure", "unknown", _("There is no such measure."))
    low, high = SCALES[Measure(measure)]
    if not (text.isascii() and text.isdigit() and len(text) < 4) or not low <= int(text) <= high:
        raise _BadRow("score", "range", _("The score lies outside the measure’s scale."))
    return measure, int(text)


def _time(text: str, at: datetime) -> datetime:
    if not text:
        return at
    try:
        found = parse_datetime(text)
        day = None if found else parse_date(text)
    except ValueError:
        found = day = None
    if day is not None:
        found = datetime.combine(day, time(12), ZONE)
    if found is None:
        raise _BadRow("said_at", "date", _("This is no date: write it as 2026-03-05."))
    found = found if timezone.is_aware(found) else found.replace(tzinfo=ZONE)
    if found > at or found.year < 1990:
        raise _BadRow("said_at", "range", _("The date lies in the future or too far back."))
    return found
