"""Logs from a line a case, such as `a0 b2+1 c5`: activity, its hour, and how many hours it took."""

import re

import numpy as np

from journeys.eventlog import Log, Ordered

HOUR = 3_600_000_000
_EVENT = re.compile(
    r"(?P<name>[a-z]+)(?P<at>\d+)(\+(?P<took>\d+))?(@(?P<who>\d+))?(?P<phase>[<>])?"
)


def log_of(*cases: str) -> Ordered:
    """Each text is a case; `@1` names who did it, `<` marks a start and `>` a completion."""
    names: dict[str, int] = {}
    rows = []
    for number, text in enumerate(cases):
        for word in text.split():
            found = _EVENT.fullmatch(word)
            assert found, word
            at, took = int(found["at"]) * HOUR, int(found["took"] or 0) * HOUR
            rows.append(
                (
                    number, names.setdefault(found["name"], len(names)), at, at + took,
                    int(found["who"] or -1), {"<": 1, ">": 2, None: 0}[found["phase"]],
                )
            )  # fmt: skip
    case, activity, start, end, actor, phase = np.array(rows, dtype=np.int64).reshape(-1, 6).T
    return Ordered(Log(case, activity, start, end, list(names), actor, phase))
