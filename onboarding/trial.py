"""What a draft would have asked or done otherwise of a past application. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from onboarding import conditions
from onboarding.blueprint import Task, is_given

#: So many examples of each kind are kept.
EXAMPLES = 6
#: How an outcome is counted; an application may be in several.
OUTCOMES = ("same", "more", "less", "stopped", "freed", "late", "in_time")


@dataclass(frozen=True, slots=True)
class Past:
    """A past application, as far as a template can ask about it."""

    key: str
    facts: Mapping[str, Any]
    #: Done tasks, by key, and whether it went through without hands.
    done: frozenset[str]
    straight_through: bool
    low_risk: bool
    #: Business hours from submission to decision; None while it is not decided.
    hours: float | None


@dataclass(slots=True)
class Tally:
    """What the applications come to, added up one by one."""

    applications: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    parts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[list[Any]]] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "applications": self.applications,
            "outcomes": dict(self.outcomes),
            "parts": dict(self.parts),
            "examples": self.examples,
        }

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Tally:
        return cls(
            applications=data.get("applications", 0),
            outcomes=Counter(data.get("outcomes", {})),
            parts=Counter(data.get("parts", {})),
            examples={key: list(rows) for key, rows in data.get("examples", {}).items()},
        )


def demands(data: Mapping[str, Any], facts: Mapping[str, Any]) -> dict[str, bool]:
    """What is asked, as `task` or `task.question`, and whether it is required."""
    found: dict[str, bool] = {}
    for task in conditions.asked(data, facts):
        found[task.key] = task.required
        for one in task.fields:
            found[f"{task.key}.{one.key}"] = task.required and one.required
    return found


def compare(
    *, now: Mapping[str, Any], draft: Mapping[str, Any], past: Past
) -> tuple[set[str], dict[str, str]]:
    """
    The outcomes of one application, and the parts asked otherwise: `new` (asked besides),
    `gone`, `must` (required now), `may` (no longer required).
    """
    before, after = demands(now, past.facts), demands(draft, past.facts)
    parts = {}
    for key in {*before, *after}:
        if key not in before:
            parts[key] = "new"
        elif key not in after:
            parts[key] = "gone"
        elif before[key] != after[key]:
            parts[key] = "must" if after[key] else "may"
    outcomes = set()
    if any(sort in ("new", "must") for sort in parts.values()):
        outcomes.add("more")
    if any(sort in ("gone", "may") for sort in parts.values()):
        outcomes.add("less")
    alone = _may_go_alone(draft, past)
    if past.straight_through and not alone:
        outcomes.add("stopped")
    elif not past.straight_through and alone and not _may_go_alone(now, past):
        outcomes.add("freed")
    if past.hours is not None:
        limits = [float(data.get("decide_within_hours", 16)) for data in (now, draft)]
        in_time = [past.hours <= limit for limit in limits]
        if in_time == [True, False]:
            outcomes.add("late")
        elif in_time == [False, True]:
            outcomes.add("in_time")
    return outcomes or {"same"}, parts


def add(
    tally: Tally, *, now: Mapping[str, Any], draft: Mapping[str, Any], pasts: Sequence[Past]
) -> Tally:
    """Count these applications in."""
    for past in pasts:
        outcomes, parts = compare(now=now, draft=draft, past=past)
        tally.applications += 1
        tally.outcomes.update(outcomes)
        tally.parts.update(f"{key}:{sort}" for key, sort in parts.items())
        for outcome in outcomes - {"same"}:
            rows = tally.examples.setdefault(outcome, [])
            if len(rows) < EXAMPLES:
                rows.append([past.key, sorted(f"{key}:{sort}" for key, sort in parts.items())])
    return tally


def _may_go_alone(data: Mapping[str, Any], past: Past) -> bool:
    """Whether nothing in the template stands in the way of approval without hands."""
    if not data.get("straight_through") or not past.low_risk:
        return False
    return all(_is_met(task, past) for task in conditions.asked(data, past.facts) if task.required)


def _is_met(task: Task, past: Past) -> bool:
    if task.kind != "answers":
        # Whether a document was accepted or a check done stands with the task.
        return task.kind == "document" and task.key in past.done
    return all(
        is_given(past.facts.get(f"{conditions.ANSWER}{task.key}.{one.key}"))
        for one in task.fields
        if one.required
    )
