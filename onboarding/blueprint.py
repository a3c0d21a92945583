"""
The shape of an application template, and what a given answer is worth. Pure.

A template's content::

    {"decide_within_hours": 16,          # business hours from submission to decision
     "straight_through": true,           # may be approved without hands
     "steps": [{"key": "you", "title": {"en": …, "da": …},
                "tasks": [{"key": "person", "kind": "answers" | "document" | "check", "title": {…},
                           "help": {…}, "required": true, "hours": 8,
                           "when": [{"fact": "risk", "is": ["high"]}],   # else it is not asked
                           "reopens": ["owners"],   # opened again when this is answered otherwise
                           "documents": ["passport", …],   # of a document: any of these will do
                           "fields": [{"key": "born_on", "label": {…}, "type": "date",
                                       "required": true, "target": "customer.born_on",
                                       "when": [], "choices": [["salary", {…}]]}]}]}],
     "requirements": [{"task": "identity", "field": "",   # what each risk level demands
                       "low": "optional", "medium": "required", "high": "required"}]}

What `when` and `requirements` come to for somebody is told in :mod:`onboarding.conditions`.

A field with a `target` belongs to the shared customer record and is kept there alone:
`customer.<field>`, `identifier.<kind>`, `contact.<kind>`; the rest stays with the task.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import get_language
from django.utils.translation import gettext as _

TYPES = frozenset(
    {
        "text",
        "longtext",
        "date",
        "choice",
        "yes",
        "country",
        "countries",
        "cpr",
        "cvr",
        "email",
        "phone",
    }
)
_EARLIEST_YEAR = 1800


@dataclass(frozen=True, slots=True)
class Field:
    """One question."""

    key: str
    label: str
    type: str = "text"
    required: bool = False
    target: str = ""
    help: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    when: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True)
class Task:
    """One thing to do: questions or a document for the customer, or a check by the officer."""

    step: str
    key: str
    kind: str
    title: str
    help: str
    required: bool
    hours: float
    fields: tuple[Field, ...] = field(default=())
    documents: tuple[str, ...] = ()
    when: tuple[Mapping[str, Any], ...] = ()
    reopens: tuple[str, ...] = ()


def worded(text: Mapping[str, str] | str | None) -> str:
    """The reader's wording of a bilingual text; English where theirs is missing."""
    if not text:
        return ""
    if isinstance(text, str):
        return text
    language = (get_language() or "en")[:2]
    return text.get(language) or text.get("en") or next(iter(text.values()), "")


def steps(data: Mapping[str, Any]) -> Iterator[tuple[str, str, list[Task]]]:
    """Each step's key, title and tasks, in order, in the reader's language."""
    for step in data.get("steps", []):
        yield step["key"], worded(step["title"]), [_task(step["key"], one) for one in step["tasks"]]


def tasks(data: Mapping[str, Any]) -> list[Task]:
    return [one for _key, _title, group in steps(data) for one in group]


def task_named(data: Mapping[str, Any], key: str) -> Task:
    """:raises LookupError: the template has no such task"""
    for one in tasks(data):
        if one.key == key:
            return one
    raise LookupError(key)


def clean(task: Task, raw: Mapping[str, Any]) -> dict[str, Any]:
    """
    The answers in the form in which they are kept; only the questions that were answered.

    :raises ValidationError: by question, for every answer that cannot be so
    """
    known = {one.key: one for one in task.fields}
    errors: dict[str, list[str]] = {
        key: [_("This question is not asked here.")] for key in raw if key not in known
    }
    cleaned: dict[str, Any] = {}
    for key, question in known.items():
        if key not in raw:
            continue
        try:
            cleaned[key] = _clean_one(question, raw[key])
        except ValidationError as error:
            errors[key] = list(error.messages)
    if errors:
        raise ValidationError(errors)
    return cleaned


def is_given(value: Any) -> bool:
    return value not in (None, "", [], False)


def _task(step: str, data: Mapping[str, Any]) -> Task:
    return Task(
        step=step,
        key=data["key"],
        kind=data.get("kind", "answers"),
        title=worded(data["title"]),
        help=worded(data.get("help")),
        required=data.get("required", True),
        hours=float(data.get("hours", 0)),
        documents=tuple(data.get("documents", ())),
        when=tuple(data.get("when", ())),
        reopens=tuple(data.get("reopens", ())),
        fields=tuple(
            Field(
                key=one["key"],
                label=worded(one["label"]),
                type=one.get("type", "text"),
                required=one.get("required", False),
                target=one.get("target", ""),
                help=worded(one.get("help")),
                choices=tuple((value, worded(label)) for value, label in one.get("choices", [])),
                when=tuple(one.get("when", ())),
            )
            for one in data.get("fields", [])
        ),
    )


def _clean_one(question: Field, raw: Any) -> Any:
    if question.type == "yes":
        return _yes(raw)
    if question.type == "countries":
        return _countries(raw)
    if not isinstance(raw, str | int | float | date):
        raise ValidationError(_("This answer has the wrong form."))
    text = str(raw).strip()
    if "\x00" in text:
        raise ValidationError(_("This answer has the wrong form."))
    if not text:
        return ""
    if len(text) > (2000 if question.type == "longtext" else 200):
        raise ValidationError(_("This answer is too long."))
    return _READERS.get(question.type, _as_it_is)(question, text)


def _as_it_is(question: Field, text: str) -> str:
    return text


def _date(question: Field, text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValidationError(_("Give a date, such as 1984-03-12.")) from None
    if day.year < _EARLIEST_YEAR:
        raise ValidationError(_("Give a date, such as 1984-03-12."))
    return day.isoformat()


def _choice(question: Field, text: str) -> str:
    if text not in {value for value, _label in question.choices}:
        raise ValidationError(_("Choose one of the answers."))
    return text


def _country(question: Field, text: str) -> str:
    if not re.fullmatch(r"[A-Za-z]{2}", text):
        raise ValidationError(_("Give a country by its two letters, such as DK."))
    return text.upper()


def _countries(raw: Any) -> list[str]:
    parts = raw if isinstance(raw, list) else re.split(r"[\s,;]+", str(raw or ""))
    if not all(isinstance(part, str) for part in parts):
        raise ValidationError(_("Give countries by their two letters, such as DK, SE."))
    codes = [part.strip().upper() for part in parts if part.strip()]
    if not all(re.fullmatch(r"[A-Z]{2}", code) for code in codes):
        raise ValidationError(_("Give countries by their two letters, such as DK, SE."))
    return list(dict.fromkeys(codes))


def _email(question: Field, text: str) -> str:
    validate_email(text)
    return text


def _digits(question: Field, text: str) -> str:
    wanted = 10 if question.type == "cpr" else 8
    digits = re.sub(r"[\s-]", "", text)
    if not digits.isdigit() or len(digits) != wanted:
        raise ValidationError(_("Give the %(digits)d digits of the number.") % {"digits": wanted})
    return digits


def _yes(raw: Any) -> bool:
    if isinstance(raw, bool):
        return raw
    if str(raw).lower() in {"", "0", "false", "no", "off", "none"}:
        return False
    if str(raw).lower() in {"1", "true", "yes", "on"}:
        return True
    raise ValidationError(_("Answer yes or no."))


_READERS = {
    "date": _date,
    "choice": _choice,
    "country": _country,
    "email": _email,
    "cpr": _digits,
    "cvr": _digits,
}
