"""What one version of a template says otherwise than another, part by part, in words. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from customers.models import DocumentKind
from onboarding import blueprint, conditions
from onboarding.conditions import DEMANDS, LEVELS
from onboarding.models import TaskKind

Sort = Literal["added", "removed", "changed"]
Part = tuple[str, ...]
LEVEL_WORDS: Mapping[str, Any] = {
    "low": gettext_lazy("Low risk"),
    "medium": gettext_lazy("Medium risk"),
    "high": gettext_lazy("High risk"),
}
_TYPES: Mapping[str, Any] = {
    "text": gettext_lazy("Short text"),
    "longtext": gettext_lazy("Long text"),
    "date": gettext_lazy("Date"),
    "choice": gettext_lazy("Choice"),
    "yes": gettext_lazy("Tick"),
    "country": gettext_lazy("Country"),
    "countries": gettext_lazy("Countries"),
    "cpr": gettext_lazy("CPR number"),
    "cvr": gettext_lazy("CVR number"),
    "email": gettext_lazy("E-mail"),
    "phone": gettext_lazy("Phone"),
}


@dataclass(frozen=True, slots=True)
class Change:
    """One line: a part that came, went, or says something else."""

    sort: Sort
    where: str
    what: str
    before: str
    after: str


def type_label(kind: str) -> str:
    return str(_TYPES.get(kind, kind))


def changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """Every difference, in the order of the newer version; nothing where both say the same."""
    then, now = _parts(before), _parts(after)
    order = [*now, *(key for key in then if key not in now)]
    found = []
    for key in order:
        where_then, said_then = then.get(key, ("", {}))
        where, said = now.get(key, ("", {}))
        if not said:
            found.append(Change("removed", where_then, "", where_then.split(" › ")[-1], ""))
        elif not said_then:
            found.append(Change("added", where, "", "", _told(said)))
        else:
            found += [
                Change("changed", where, what, said_then.get(what, ""), said.get(what, ""))
                for what in dict.fromkeys([*said, *said_then])
                if said.get(what, "") != said_then.get(what, "")
            ]
    moved = _moved(then, now)
    if moved:
        found.append(Change("changed", _("Order"), _("comes elsewhere now"), "", ", ".join(moved)))
    return found


def _told(said: Mapping[str, str]) -> str:
    return " · ".join(f"{what}: {text}" for what, text in said.items() if text)


def _moved(
    then: Mapping[Part, tuple[str, dict[str, str]]], now: Mapping[Part, tuple[str, dict[str, str]]]
) -> list[str]:
    """Tasks whose order among those of both versions is another."""
    both_then = [key for key in then if key in now and key[0] == "task"]
    both_now = [key for key in now if key in then and key[0] == "task"]
    return [
        now[here][0].split(" › ")[-1]
        for here, there in zip(both_now, both_then, strict=True)
        if here != there
    ]


def _parts(data: Mapping[str, Any]) -> dict[Part, tuple[str, dict[str, str]]]:
    """Every part by what it is known by: where it stands, and what it says, in words."""
    found: dict[Part, tuple[str, dict[str, str]]] = {
        ("settings",): (_("Settings"), {
            _("Decided within business hours"): _number(data.get("decide_within_hours")),
            _("Straight through at low risk"): _yes(data.get("straight_through")),
        })
    }  # fmt: skip
    for step in data.get("steps", []):
        where = blueprint.worded(step["title"])
        found["step", step["key"]] = (where, dict(_wordings(step, "title", _("Title"))))
        for task in step["tasks"]:
            here = f"{where} › {blueprint.worded(task['title'])}"
            found["task", task["key"]] = (here, _task(task, step["key"], data))
            for field in task.get("fields", []):
                label = blueprint.worded(field["label"])
                found["field", task["key"], field["key"]] = (
                    f"{here} › {label}",
                    _field(field, data),
                )
    by_risk = _("By risk")
    for row in data.get("requirements", []):
        key = ("demand", row["task"], row.get("field", ""))
        found[key] = (f"{by_risk} › {part_label(data, row)}", {
            str(LEVEL_WORDS[level]): str(DEMANDS[row[level]]) for level in LEVELS
        })  # fmt: skip
    return found


def part_label(data: Mapping[str, Any], row: Mapping[str, Any]) -> str:
    """What a row of the table of requirements is about."""
    task = next((one for one in blueprint.tasks(data) if one.key == row["task"]), None)
    if task is None:
        return str(row["task"])
    if not row.get("field"):
        return task.title
    field = next((one for one in task.fields if one.key == row["field"]), None)
    return f"{task.title}: {field.label if field else row['field']}"


def _task(task: Mapping[str, Any], step: str, data: Mapping[str, Any]) -> dict[str, str]:
    return {
        **dict(_wordings(task, "title", _("Title"))),
        **dict(_wordings(task, "help", _("Help"))),
        _("Step"): step,
        _("Kind"): str(dict(TaskKind.choices).get(task.get("kind", "answers"), "")),
        _("Required"): _yes(task.get("required", True)),
        _("Business hours"): _number(task.get("hours", 0)),
        _("Asked"): "; ".join(conditions.words(task.get("when", []), data)),
        _("Opens again"): ", ".join(task.get("reopens", [])),
        _("Documents"): ", ".join(
            str(DocumentKind(one).label) for one in task.get("documents", [])
        ),
    }


def _field(field: Mapping[str, Any], data: Mapping[str, Any]) -> dict[str, str]:
    return {
        **dict(_wordings(field, "label", _("Question"))),
        **dict(_wordings(field, "help", _("Help"))),
        _("Type"): type_label(field.get("type", "text")),
        _("Required"): _yes(field.get("required", False)),
        _("Kept as"): field.get("target", ""),
        _("Asked"): "; ".join(conditions.words(field.get("when", []), data)),
        _("Answers"): ", ".join(
            f"{value}: {blueprint.worded(text)}" for value, text in field.get("choices", [])
        ),
    }


def _wordings(data: Mapping[str, Any], name: str, label: str) -> Iterator[tuple[str, str]]:
    for language, text in (data.get(name) or {}).items():
        yield f"{label} ({language})", text


def _yes(value: Any) -> str:
    return _("yes") if value else _("no")


def _number(value: Any) -> str:
    return f"{value:g}" if isinstance(value, int | float) else ""
