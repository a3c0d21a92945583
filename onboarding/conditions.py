"""
When something is asked: conditions of a template, and what each risk level demands. Pure.

A condition names one fact and one test of it: `{"fact": "tax_countries", "beyond": ["DK"]}`. All of
a `when` must hold. About what is not known none holds: what depends on it is asked once it is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onboarding import blueprint
from onboarding.blueprint import Field, Task

LEVELS = ("low", "medium", "high")
#: What a fact is called; `answer:<task>.<question>` besides is what was answered there.
FACTS: Mapping[str, Any] = {
    "risk": gettext_lazy("Risk"),
    "party": gettext_lazy("Person or organisation"),
    "product": gettext_lazy("Product"),
    "category": gettext_lazy("Kind of product"),
    "age": gettext_lazy("Age"),
    "residence_country": gettext_lazy("Country of residence"),
    "nationalities": gettext_lazy("Citizen of"),
    "tax_countries": gettext_lazy("Tax residence"),
    "legal_form": gettext_lazy("Legal form"),
}
ANSWER = "answer:"
#: How a fact is tested: one of these, none of these, something else than these, a number.
TESTS: Mapping[str, Any] = {
    "is": gettext_lazy("is one of"),
    "is_not": gettext_lazy("is none of"),
    "beyond": gettext_lazy("has others than"),
    "at_least": gettext_lazy("is at least"),
    "below": gettext_lazy("is below"),
}
NUMBERS = ("at_least", "below")
NOT_ASKED = "not_asked"
DEMANDS: Mapping[str, Any] = {
    "required": gettext_lazy("Required"),
    "optional": gettext_lazy("Optional"),
    NOT_ASKED: gettext_lazy("Not asked"),
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One condition, taken apart."""

    fact: str
    test: str
    value: Any


def rules(when: Sequence[Mapping[str, Any]]) -> list[Rule]:
    """The conditions of a `when` that is well formed."""
    return [
        Rule(str(one["fact"]), test, value)
        for one in when
        for test, value in one.items()
        if test in TESTS
    ]


def holds(when: Sequence[Mapping[str, Any]], facts: Mapping[str, Any]) -> bool:
    """Whether all of it is so."""
    return all(_holds(one, facts.get(one.fact)) for one in rules(when))


def asked(data: Mapping[str, Any], facts: Mapping[str, Any]) -> list[Task]:
    """
    The tasks of a template as they are asked of somebody of whom these facts are known.

    What its conditions or the risk level leave out is not among them; what is left is required as
    the level demands. Until the risk is known, the demands of the lowest level count.
    """
    level = str(facts.get("risk") or "")
    demands = demands_of(data, level if level in LEVELS else LEVELS[0])
    found = []
    for task in blueprint.tasks(data):
        demand = demands.get((task.key, ""))
        if demand == NOT_ASKED or not holds(task.when, facts):
            continue
        fields = tuple(
            _as_demanded(one, demands.get((task.key, one.key)))
            for one in task.fields
            if demands.get((task.key, one.key)) != NOT_ASKED and holds(one.when, facts)
        )
        required = task.required if demand is None else demand == "required"
        # What one question demands, its task does.
        required = required or (
            demand is None
            and any(
                one.required and demands.get((task.key, one.key)) == "required" for one in fields
            )
        )
        found.append(replace(task, required=required, fields=fields))
    return found


def demands_of(data: Mapping[str, Any], level: str) -> dict[tuple[str, str], str]:
    """What a level demands, by task and question; a task as such has no question."""
    return {
        (one["task"], one.get("field", "")): str(one[level])
        for one in data.get("requirements", [])
        if level in one
    }


def words(when: Sequence[Mapping[str, Any]], data: Mapping[str, Any]) -> list[str]:
    """Each condition in a sentence, in the reader's language."""
    return [
        _("Only when %(fact)s %(test)s %(value)s")
        % {
            "fact": fact_label(one.fact, data),
            "test": TESTS[one.test],
            "value": _value(one, data),
        }
        for one in rules(when)
    ]


def fact_label(fact: str, data: Mapping[str, Any]) -> str:
    """What a fact is called: a question by its label, in quotation marks."""
    question = question_of(fact, data)
    return f"“{question.label}”" if question is not None else str(FACTS.get(fact, fact))


def question_of(fact: str, data: Mapping[str, Any]) -> Field | None:
    """The question that a fact is the answer to."""
    if not fact.startswith(ANSWER):
        return None
    task, _dot, key = fact.removeprefix(ANSWER).partition(".")
    return next(
        (one for group in blueprint.tasks(data) if group.key == task for one in group.fields
         if one.key == key),
        None,
    )  # fmt: skip


def _value(rule: Rule, data: Mapping[str, Any]) -> str:
    if rule.test in NUMBERS:
        return str(rule.value)
    question = question_of(rule.fact, data)
    labels: Mapping[str, Any] = dict(question.choices) if question is not None else {}
    if rule.fact == "risk":
        labels = {"low": _("Low"), "medium": _("Medium"), "high": _("High")}
    if question is not None and question.type == "yes":
        labels = {"yes": _("Yes"), "no": _("No")}
    return ", ".join(str(labels.get(one, one)) for one in rule.value)


def _holds(rule: Rule, known: Any) -> bool:
    if isinstance(known, bool):
        known = "yes" if known else "no"
    if known in (None, "", []):
        return False
    if rule.test in NUMBERS:
        try:
            number = float(known)
        except (TypeError, ValueError):
            return False
        limit = float(rule.value)
        return number >= limit if rule.test == "at_least" else number < limit
    given = {str(one) for one in known} if isinstance(known, list | tuple) else {str(known)}
    named = {str(one) for one in rule.value}
    match rule.test:
        case "is":
            return bool(given & named)
        case "is_not":
            return not given & named
        case _:
            return bool(given - named)


def _as_demanded(question: Field, demand: str | None) -> Field:
    return question if demand is None else replace(question, required=demand == "required")
