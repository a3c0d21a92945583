"""
What a template's content may be: every fault with where it is. Pure.

A path is keys and places from the top, such as `("steps", 0, "tasks", 2, "kind")`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeGuard

from django.utils.translation import gettext as _

from customers.models import DocumentKind
from onboarding.blueprint import TYPES
from onboarding.conditions import ANSWER, DEMANDS, FACTS, LEVELS, NUMBERS, TESTS

Path = tuple[str | int, ...]
LANGUAGES = ("en", "da")
KINDS = ("answers", "document", "check")
#: The places of the shared record that a question may fill.
CUSTOMER_TARGETS = (
    "given_names",
    "family_name",
    "name",
    "born_on",
    "birth_place",
    "nationalities",
    "residence_country",
    "tax_countries",
    "occupation",
    "legal_form",
)
TARGETS = {
    *(f"customer.{name}" for name in CUSTOMER_TARGETS),
    "identifier.cpr",
    "identifier.cvr",
    "contact.email",
    "contact.phone",
}
_KEY = re.compile(r"[a-z][a-z0-9_]{0,39}")
_TOP = {"decide_within_hours", "straight_through", "steps", "requirements"}
_STEP = {"key", "title", "tasks"}
_TASK = {
    "key", "kind", "title", "help", "required", "hours", "when", "reopens", "documents", "fields",
}  # fmt: skip
_FIELD = {"key", "label", "help", "type", "required", "target", "when", "choices"}
_DEMAND = {"task", "field", *LEVELS}
MOST_HOURS = 2000
MOST_PARTS = 40


@dataclass(frozen=True, slots=True)
class Fault:
    """Something that cannot be so, and where."""

    path: Path
    words: str

    def __str__(self) -> str:
        return f"{written(self.path)}: {self.words}" if self.path else self.words


def written(path: Path) -> str:
    """A path as it is read: `steps[0].tasks[2].kind`."""
    text = ""
    for part in path:
        text += f"[{part}]" if isinstance(part, int) else f".{part}" if text else part
    return text


def faults(data: Any) -> list[Fault]:
    """Everything that is wrong; nothing for content that can be used."""
    return list(_content(data))


def _content(data: Any) -> Iterator[Fault]:
    if not isinstance(data, dict):
        yield Fault((), _("The content is a mapping with “steps”."))
        return
    yield from _known(data, _TOP, ())
    hours = data.get("decide_within_hours")
    if not _is_number(hours) or not 0 < hours <= MOST_HOURS:
        yield Fault(("decide_within_hours",), _("Business hours are a number above 0."))
    if not isinstance(data.get("straight_through"), bool):
        yield Fault(("straight_through",), _("Say true or false."))
    steps = data.get("steps")
    if not isinstance(steps, list) or not 0 < len(steps) <= MOST_PARTS:
        yield Fault(("steps",), _("A template has at least one step, and 40 at most."))
        return
    yield from _unique(steps, ("steps",))
    groups = [
        (("steps", number, "tasks"), step.get("tasks"))
        for number, step in enumerate(steps)
        if isinstance(step, dict)
    ]
    known: dict[str, dict[str, Any]] = {}
    for path, tasks in groups:
        for number, task in enumerate(tasks if isinstance(tasks, list) else []):
            if isinstance(task, dict) and isinstance(task.get("key"), str):
                if task["key"] in known:
                    yield Fault(
                        (*path, number, "key"), _("Another task of the template has this key.")
                    )
                known[task["key"]] = task
    for number, step in enumerate(steps):
        yield from _step(step, ("steps", number), known)
    yield from _requirements(data.get("requirements", []), known)


def _step(step: Any, path: Path, known: Mapping[str, dict[str, Any]]) -> Iterator[Fault]:
    if not isinstance(step, dict):
        yield Fault(path, _("A step is a mapping with key, title and tasks."))
        return
    yield from _known(step, _STEP, path)
    yield from _key(step, path)
    yield from _text(step.get("title"), (*path, "title"), needed=True)
    tasks = step.get("tasks")
    if not isinstance(tasks, list) or not 0 < len(tasks) <= MOST_PARTS:
        yield Fault((*path, "tasks"), _("A step has at least one task, and 40 at most."))
        return
    for number, task in enumerate(tasks):
        yield from _task(task, (*path, "tasks", number), known)


def _task(task: Any, path: Path, known: Mapping[str, dict[str, Any]]) -> Iterator[Fault]:
    if not isinstance(task, dict):
        yield Fault(path, _("A task is a mapping with key, kind and title."))
        return
    yield from _known(task, _TASK, path)
    yield from _key(task, path)
    yield from _text(task.get("title"), (*path, "title"), needed=True)
    yield from _text(task.get("help"), (*path, "help"))
    kind = task.get("kind", "answers")
    if kind not in KINDS:
        yield Fault((*path, "kind"), _("One of these: %(all)s.") % {"all": ", ".join(KINDS)})
        return
    if not isinstance(task.get("required", True), bool):
        yield Fault((*path, "required"), _("Say true or false."))
    hours = task.get("hours", 0)
    if not _is_number(hours) or not 0 <= hours <= MOST_HOURS:
        yield Fault((*path, "hours"), _("Business hours are a number, 0 for no deadline."))
    yield from _when(task.get("when", []), (*path, "when"), known)
    for number, key in enumerate(_listed(task.get("reopens", []))):
        if key not in known or key == task.get("key"):
            yield Fault((*path, "reopens", number), _("There is no other task with this key."))
    yield from _documents(task, kind, path)
    fields = task.get("fields", [])
    if kind != "answers" and fields:
        yield Fault((*path, "fields"), _("Only a task of answers has questions."))
    elif not isinstance(fields, list) or (kind == "answers" and not 0 < len(fields) <= MOST_PARTS):
        yield Fault((*path, "fields"), _("A task of answers has at least one question."))
    else:
        yield from _unique(fields, (*path, "fields"))
        for number, field in enumerate(fields):
            yield from _field(field, (*path, "fields", number), known)


def _documents(task: Mapping[str, Any], kind: str, path: Path) -> Iterator[Fault]:
    found = task.get("documents", [])
    if kind != "document":
        if found:
            yield Fault((*path, "documents"), _("Only a task of a document names documents."))
        return
    if not isinstance(found, list) or not found:
        yield Fault((*path, "documents"), _("Name at least one document that will do."))
        return
    for number, one in enumerate(found):
        if one not in DocumentKind.values:
            all_kinds = ", ".join(DocumentKind.values)
            yield Fault(
                (*path, "documents", number), _("One of these: %(all)s.") % {"all": all_kinds}
            )


def _field(field: Any, path: Path, known: Mapping[str, dict[str, Any]]) -> Iterator[Fault]:
    if not isinstance(field, dict):
        yield Fault(path, _("A question is a mapping with key, label and type."))
        return
    yield from _known(field, _FIELD, path)
    yield from _key(field, path)
    yield from _text(field.get("label"), (*path, "label"), needed=True)
    yield from _text(field.get("help"), (*path, "help"))
    kind = field.get("type", "text")
    if not isinstance(kind, str) or kind not in TYPES:
        words = _("One of these: %(all)s.") % {"all": ", ".join(sorted(TYPES))}
        yield Fault((*path, "type"), words)
    if not isinstance(field.get("required", False), bool):
        yield Fault((*path, "required"), _("Say true or false."))
    target = field.get("target", "")
    if target and (not isinstance(target, str) or target not in TARGETS):
        words = _("One of these: %(all)s.") % {"all": ", ".join(sorted(TARGETS))}
        yield Fault((*path, "target"), words)
    if kind in {"cpr", "cvr"} and target != f"identifier.{kind}":
        # A number that stands among the answers would stand there readable.
        yield Fault((*path, "target"), _("A number is kept in the customer's record alone."))
    yield from _when(field.get("when", []), (*path, "when"), known)
    yield from _choices(field.get("choices", []), kind, (*path, "choices"))


def _choices(choices: Any, kind: Any, path: Path) -> Iterator[Fault]:
    if kind != "choice":
        if choices:
            yield Fault(path, _("Only a question of type choice has choices."))
        return
    if not isinstance(choices, list) or not choices:
        yield Fault(path, _("Give at least one answer to choose."))
        return
    seen = set()
    for number, one in enumerate(choices):
        if not isinstance(one, list) or len(one) != 2 or not isinstance(one[0], str) or not one[0]:
            yield Fault((*path, number), _("An answer to choose is a value and its wording."))
            continue
        if one[0] in seen:
            yield Fault((*path, number, 0), _("This value stands twice."))
        seen.add(one[0])
        yield from _text(one[1], (*path, number, 1), needed=True)


def _when(when: Any, path: Path, known: Mapping[str, dict[str, Any]]) -> Iterator[Fault]:
    if not isinstance(when, list):
        yield Fault(path, _("Conditions are a list."))
        return
    for number, one in enumerate(when):
        here = (*path, number)
        tests = [key for key in one if key != "fact"] if isinstance(one, dict) else []
        if len(tests) != 1 or tests[0] not in TESTS:
            words = _("A condition is a fact and one of these: %(all)s.")
            yield Fault(here, words % {"all": ", ".join(TESTS)})
            continue
        if not _is_fact(one.get("fact"), known):
            words = _("One of these: %(all)s.")
            all_facts = ", ".join([*FACTS, f"{ANSWER}<task>.<question>"])
            yield Fault((*here, "fact"), words % {"all": all_facts})
        value = one[tests[0]]
        if tests[0] in NUMBERS:
            if not _is_number(value):
                yield Fault((*here, tests[0]), _("A number."))
        elif not isinstance(value, list) or not value or not all(isinstance(v, str) for v in value):
            yield Fault((*here, tests[0]), _("A list of words, in quotation marks if need be."))


def _is_fact(fact: Any, known: Mapping[str, dict[str, Any]]) -> bool:
    if not isinstance(fact, str) or not fact.startswith(ANSWER):
        return isinstance(fact, str) and fact in FACTS
    task, _dot, key = fact.removeprefix(ANSWER).partition(".")
    return any(
        isinstance(one, dict) and one.get("key") == key
        for one in _listed(known.get(task, {}).get("fields"))
    )


def _requirements(rows: Any, known: Mapping[str, dict[str, Any]]) -> Iterator[Fault]:
    path: Path = ("requirements",)
    if not isinstance(rows, list):
        yield Fault(path, _("What the risk levels demand is a list."))
        return
    seen = set()
    for number, row in enumerate(rows):
        here = (*path, number)
        if not isinstance(row, dict):
            yield Fault(
                here, _("A row names a task, maybe a question, and what each level demands.")
            )
            continue
        yield from _known(row, _DEMAND, here)
        task = known.get(row["task"]) if isinstance(row.get("task"), str) else None
        field = row.get("field", "")
        if task is None:
            yield Fault((*here, "task"), _("There is no task with this key."))
        elif field and not any(
            isinstance(one, dict) and one.get("key") == field for one in _listed(task.get("fields"))
        ):
            yield Fault((*here, "field"), _("The task has no question with this key."))
        if (row.get("task"), str(field)) in seen:
            yield Fault(here, _("This row stands twice."))
        seen.add((str(row.get("task")), str(field)))
        for level in LEVELS:
            if not isinstance(row.get(level), str) or row[level] not in DEMANDS:
                words = _("One of these: %(all)s.") % {"all": ", ".join(DEMANDS)}
                yield Fault((*here, level), words)


def _key(data: Mapping[str, Any], path: Path) -> Iterator[Fault]:
    key = data.get("key")
    if not isinstance(key, str) or not _KEY.fullmatch(key):
        yield Fault(
            (*path, "key"),
            _(
                "A key is made of small letters a to z, digits and _, begins with a letter, 40 at most."
            ),
        )


def _text(text: Any, path: Path, *, needed: bool = False) -> Iterator[Fault]:
    """Words in both languages; a help may be left out altogether."""
    if not text and not needed:
        return
    if not isinstance(text, dict):
        yield Fault(path, _("Words are given as en and da."))
        return
    yield from _known(text, set(LANGUAGES), path)
    for language in LANGUAGES:
        found = text.get(language)
        if not isinstance(found, str) or not found.strip() or len(found) > 1000 or "\0" in found:
            yield Fault((*path, language), _("Give the wording, 1,000 characters at most."))


def _unique(parts: list[Any], path: Path) -> Iterator[Fault]:
    seen = set()
    for number, one in enumerate(parts):
        key = one.get("key") if isinstance(one, dict) else None
        if isinstance(key, str) and key in seen:
            yield Fault((*path, number, "key"), _("This key stands twice."))
        elif isinstance(key, str):
            seen.add(key)


def _known(data: Mapping[str, Any], names: set[str], path: Path) -> Iterator[Fault]:
    for name in data:
        if name not in names:
            yield Fault((*path, str(name)), _("Nothing is called this here."))


def _listed(found: Any) -> list[Any]:
    return found if isinstance(found, list) else []


def _is_number(value: Any) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and value == value
