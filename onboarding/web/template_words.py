"""How templates are told on their pages."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from clm.core import access
from clm.core.models import User
from clm.core.web import charts
from customers.models import DocumentKind
from customers.models.business import Product
from onboarding import blueprint, conditions, selectors
from onboarding.compare import LEVEL_WORDS, changes, part_label, type_label
from onboarding.conditions import ANSWER, DEMANDS, FACTS, LEVELS
from onboarding.models import Application, ApplicationTemplate, TaskKind

OUTCOMES: Mapping[str, Any] = {
    "more": gettext_lazy("Asked for more"),
    "less": gettext_lazy("Asked for less"),
    "stopped": gettext_lazy("No longer straight through"),
    "freed": gettext_lazy("Straight through besides"),
    "late": gettext_lazy("Past the new deadline"),
    "in_time": gettext_lazy("Within the new deadline"),
    "same": gettext_lazy("Nothing otherwise"),
}
SORTS: Mapping[str, Any] = {
    "new": gettext_lazy("asked besides"),
    "gone": gettext_lazy("no longer asked"),
    "must": gettext_lazy("required now"),
    "may": gettext_lazy("no longer required"),
}


def content_rows(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Steps with their tasks, questions and conditions, in words."""
    return [
        {
            "title": title,
            "tasks": [
                {
                    "task": task,
                    "kind": dict(TaskKind.choices).get(task.kind, task.kind),
                    "icon": {"document": "file-text", "check": "checklist"}.get(
                        task.kind, "message"
                    ),
                    "when": conditions.words(task.when, data),
                    "reopens": [
                        one.title for one in blueprint.tasks(data) if one.key in task.reopens
                    ],
                    "documents": [DocumentKind(one).label for one in task.documents],
                    "fields": [
                        {
                            "field": one,
                            "type": type_label(one.type),
                            "when": conditions.words(one.when, data),
                        }
                        for one in task.fields
                    ],
                }
                for task in tasks
            ],
        }
        for _key, title, tasks in blueprint.steps(data)
    ]


def demand_rows(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """What each risk level demands: a row a task or question."""
    return [
        {
            "label": part_label(data, row),
            "row": row,
            "cells": [(level, row[level], DEMANDS[row[level]]) for level in LEVELS],
        }
        for row in data.get("requirements", [])
    ]


def level_heads() -> list[tuple[str, Any]]:
    return list(LEVEL_WORDS.items())


def controls(data: Mapping[str, Any], chosen: Mapping[str, str]) -> list[dict[str, Any]]:
    """The facts that this template asks about, as things to choose for its preview."""
    facts = {"risk": None}
    for task in blueprint.tasks(data):
        for when in (task.when, *(one.when for one in task.fields)):
            facts.update(dict.fromkeys(rule.fact for rule in conditions.rules(when)))
    return [
        {
            "name": fact,
            "label": conditions.fact_label(fact, data).strip("“”"),
            "choices": _choices(fact, data),
            "value": chosen.get(fact, ""),
        }
        for fact in facts
    ]


def chosen_facts(data: Mapping[str, Any], given: Mapping[str, str]) -> dict[str, Any]:
    """What was chosen for the preview, as facts; several countries are told by commas."""
    found: dict[str, Any] = {}
    for control in controls(data, given):
        value = str(control["value"]).strip()[:100]
        if value:
            found[control["name"]] = (
                [one.strip().upper() for one in value.split(",") if one.strip()]
                if _is_countries(control["name"], data)
                else value
            )
    return found


def preview(data: Mapping[str, Any], facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The tasks as they would be asked, by step; steps without any are left out."""
    asked = {one.key: one for one in conditions.asked(data, facts)}
    return [
        {
            "title": title,
            "tasks": [
                {
                    "task": asked[one.key],
                    "documents": [DocumentKind(kind).label for kind in one.documents],
                }
                for one in tasks
                if one.key in asked
            ],
        }
        for _key, title, tasks in blueprint.steps(data)
        if any(one.key in asked for one in tasks)
    ]


def approval_words(template: ApplicationTemplate) -> dict[str, Any]:
    """The question for a second person: what becomes different, and what the trial found."""
    against = selectors.version_before(template=template)
    found = template.simulation
    return {
        "against": against,
        "changes": changes(against.data, template.data) if against else [],
        "tried": found
        and {**found, "changed": found["applications"] - found["outcomes"].get("same", 0)},
        "trial_url": reverse("onboarding:template", args=[template.pk]) + "?show=trial",
    }


def trial_words(*, template: ApplicationTemplate, actor: User) -> dict[str, Any] | None:
    """What the trial found; examples are shown as far as the actor reaches them."""
    found = template.simulation
    if not found:
        return None
    outcomes, total = found["outcomes"], found["applications"]
    table: dict[str, dict[str, int]] = {}
    for key, count in found["parts"].items():
        part, _colon, sort = key.rpartition(":")
        table.setdefault(part, {})[sort] = count
    rows = [
        (_part(part, template), [counts.get(sort, 0) for sort in SORTS])
        for part, counts in table.items()
    ]
    chart = charts.bars(
        [
            charts.Part(
                str(label), outcomes.get(name, 0), kind="soft" if name == "same" else "data"
            )
            for name, label in OUTCOMES.items()
        ],
        title=_("Applications by what the draft does otherwise"),
        width=520,
        unit=_("Applications"),
    )
    return {
        "total": total,
        "changed": total - outcomes.get("same", 0),
        "more": outcomes.get("more", 0),
        "less": outcomes.get("less", 0),
        "stopped": outcomes.get("stopped", 0),
        "freed": outcomes.get("freed", 0),
        "days": found["days"],
        "against": found["against"],
        "chart": chart,
        "sorts": list(SORTS.values()),
        "rows": sorted(rows, key=lambda row: (-sum(row[1]), row[0])),
        "examples": _examples(found["examples"], template, actor),
    }


def _examples(
    examples: Mapping[str, Any], template: ApplicationTemplate, actor: User
) -> list[dict[str, Any]]:
    ids = {row[0] for rows in examples.values() for row in rows}
    reached = {
        str(one.pk): one for one in selectors.visible_applications(actor=actor).filter(pk__in=ids)
    }
    if reached:
        access.note_read(records=list[Application](reached.values()), kind="list")
    return [
        {
            "label": OUTCOMES[outcome],
            "hidden": sum(1 for row in examples[outcome] if row[0] not in reached),
            "rows": [
                (reached[key], [_told(part, template) for part in parts][:6])
                for key, parts in examples[outcome]
                if key in reached
            ],
        }
        for outcome in OUTCOMES
        if outcome in examples
    ]


def _told(text: str, template: ApplicationTemplate) -> str:
    part, _colon, sort = text.rpartition(":")
    return f"{_part(part, template)}: {SORTS.get(sort, sort)}"


def _part(part: str, template: ApplicationTemplate) -> str:
    """What a part is called by this version, else by the one that is in force."""
    task, _dot, field = part.partition(".")
    sources = [template.data]
    now = selectors.templates_in_force().get(template.kind)
    if now is not None:
        sources.append(now.data)
    for data in sources:
        for one in blueprint.tasks(data):
            if one.key == task and (not field or field in {f.key for f in one.fields}):
                return part_label(data, {"task": task, "field": field})
    return part


def _choices(fact: str, data: Mapping[str, Any]) -> list[tuple[str, Any]]:
    if fact == "risk":
        return [(level, LEVEL_WORDS[level]) for level in LEVELS]
    if fact == "category":
        return list(Product.Category.choices)
    if fact == "party":
        return [("person", _("Person")), ("organisation", _("Organisation"))]
    question = conditions.question_of(fact, data)
    if question is None:
        return []
    if question.type == "yes":
        return [("yes", _("Yes")), ("no", _("No"))]
    return list(question.choices)


def _is_countries(fact: str, data: Mapping[str, Any]) -> bool:
    if fact in FACTS:
        return fact in {"residence_country", "nationalities", "tax_countries"}
    question = conditions.question_of(fact, data) if fact.startswith(ANSWER) else None
    return question is not None and question.type in {"country", "countries"}
