"""
`xes`: reading an XES log into checked events, each with an id that comes again.

Baseline: expat with handlers that put case, activity, time, transition and resource into tuples,
and nothing else: no time is parsed, nothing refused, no id given.
"""

import io
import time
from collections.abc import Callable, Sequence, Sized
from xml.parsers import expat

from benchmarks.kit import Measure, Result, Say, exponent
from journeys.logs import BadRow, EventRow, LogRefused, read_log

NAME = "xes"
PROMISE = "At least 0.6 of expat into tuples; a DOCTYPE refuses the file."
ROWS = (26_000, 87_000, 262_000)
_LENGTH = 20
_TIMES = 3


def run(*, sizes: Sequence[int], say: Say) -> Result:
    """Each size three times, in turn with the baseline; the best of each by processor time."""
    result = Result(NAME, PROMISE)
    points: list[tuple[int, float]] = []
    _refused()
    for size in sizes:
        say(f"{size} events")
        raw = _log(size)
        ours, base = [], []
        for _time in range(_TIMES):
            base.append(_timed(_tuples, raw, size))
            ours.append(_timed(_read, raw, size))
        points.append((size, min(ours)))
        rate, baseline = size / min(ours), size / min(base)
        result.measures.append(
            Measure(
                "reading", size, round(rate, 1), round(baseline, 1), "events/s",
                "expat into tuples", round(rate / baseline, 3),
            )
        )  # fmt: skip
    if (slope := exponent(points)) is not None:
        result.exponents["seconds by events"] = slope
    result.notes.append("Seconds of the processor, not of the clock: both run on one core.")
    return result


def _timed(work: Callable[[bytes], Sized], raw: bytes, size: int) -> float:
    start = time.process_time()
    found = len(work(raw))
    seconds = time.process_time() - start
    if found != size:
        raise RuntimeError(f"{found} events instead of {size}")
    return seconds


def _read(raw: bytes) -> list[EventRow]:
    return [row for row in read_log(io.BytesIO(raw)) if not isinstance(row, BadRow)]


def _refused() -> None:
    try:
        _read(b"<?xml version='1.0'?><!DOCTYPE log [<!ENTITY a 'b'>]><log/>")
    except LogRefused:
        return
    raise RuntimeError("a DOCTYPE was let through")


def _tuples(raw: bytes) -> list[tuple[str | None, ...]]:
    rows: list[tuple[str | None, ...]] = []
    case: dict[str, str] = {}
    event: dict[str, str] | None = None

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal case, event
        if tag == "event":
            event = {}
        elif tag == "trace":
            case = {}
        elif "key" in attributes:
            (case if event is None else event)[attributes["key"]] = attributes.get("value", "")

    def end(tag: str) -> None:
        nonlocal event
        if tag == "event" and event is not None:
            rows.append(
                (
                    case.get("concept:name"), event.get("concept:name"),
                    event.get("time:timestamp"), event.get("lifecycle:transition"),
                    event.get("org:resource"),
                )
            )  # fmt: skip
            event = None

    parser = expat.ParserCreate()
    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.Parse(raw, True)
    return rows


def _log(size: int) -> bytes:
    """A log like the BPI Challenge's of 2012: four attributes an event, two a case."""
    out = io.StringIO()
    out.write('<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1.0">\n')
    for number in range(size):
        if number % _LENGTH == 0:
            out.write("</trace>\n" if number else "")
            out.write(
                '<trace>\n\t<date key="REG_DATE" value="2011-10-01T00:38:44.546+02:00"/>\n'
                f'\t<string key="concept:name" value="{173688 + number}"/>\n'
                '\t<string key="AMOUNT_REQ" value="20000"/>\n'
            )
        out.write(
            f'\t<event>\n\t\t<string key="org:resource" value="{10000 + number % 69}"/>\n'
            '\t\t<string key="lifecycle:transition" value="COMPLETE"/>\n'
            f'\t\t<string key="concept:name" value="A_STEP_{number % 24}"/>\n'
            f'\t\t<date key="time:timestamp" value="2011-10-{1 + number % 28:02d}T'
            f'{number % 24:02d}:{number % 60:02d}:44.546+02:00"/>\n\t</event>\n'
        )
    out.write("</trace>\n</log>\n")
    return out.getvalue().encode()
