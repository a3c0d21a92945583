"""A draft's content as it is edited: one part a page, each change the content as a whole."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from typing import Any, Protocol

from onboarding.conditions import LEVELS, NUMBERS, TESTS

Content = dict[str, Any]


class Posted(Protocol):
    """What of a form's data is read here."""

    def get(self, key: str, default: Any = None, /) -> Any: ...
    def getlist(self, key: str, /) -> list[Any]: ...


def settings(data: Content, post: Posted) -> Content:
    """Deadline, straight-through, and what each risk level demands."""
    new = deepcopy(data)
    new["decide_within_hours"] = _number(post.get("decide_within_hours", ""))
    new["straight_through"] = bool(post.get("straight_through"))
    rows = []
    for number, row in enumerate(new.get("requirements", [])):
        if not post.get(f"drop-{number}"):
            rows.append({**row, **_demands(post, str(number))})
    task, _slash, field = str(post.get("about-new", "")).partition("/")
    if task:
        about = {"task": task, "field": field} if field else {"task": task}
        rows.append({**about, **_demands(post, "new")})
    new["requirements"] = rows
    return new


def task(data: Content, key: str, post: Posted) -> Content:
    """One task with its questions, as the form says; `do` adds, moves or takes away a question."""
    new = deepcopy(data)
    one = find_task(new, key)
    one["title"] = _words(post, "title")
    one["help"] = _words(post, "help")
    if not any(one["help"].values()):
        del one["help"]
    one["required"] = bool(post.get("required"))
    one["hours"] = _number(post.get("hours", "") or "0")
    one["when"] = _when(post, "")
    one["reopens"] = [str(name) for name in post.getlist("reopens")]
    if one.get("kind") == "document":
        one["documents"] = [str(name) for name in post.getlist("documents")]
    for number, field in enumerate(one.get("fields", [])):
        _question(field, post, f"f{number}-")
    _act_on_fields(one, str(post.get("do", "")))
    return new


def structure(data: Content, do: str) -> Content:
    """
    Steps and tasks added, moved, or taken away.

    :param do: `add-step`, `add-answers:<step>`, `add-document:<step>`, `add-check:<step>`,
        `up-`, `down-` or `remove-` with `step:<key>` or `task:<key>`
    """
    new = deepcopy(data)
    name, _colon, key = do.partition(":")
    verb, _dash, what = name.partition("-")
    steps = new["steps"]
    if name == "add-step":
        steps.append(
            {
                "key": _free("step", {one["key"] for one in steps}),
                "title": {"en": "New step", "da": "Nyt trin"},
                "tasks": [_new_task("answers", new)],
            }
        )
    elif verb == "add":
        for step in steps:
            if step["key"] == key:
                step["tasks"].append(_new_task(what, new))
    elif what == "step":
        _act(steps, verb, lambda one: one["key"] == key)
    elif what == "task":
        for step in steps:
            _act(step["tasks"], verb, lambda one: one["key"] == key)
    new["steps"] = [one for one in steps if one["tasks"]]
    _forget(new)
    return new


def find_task(data: Mapping[str, Any], key: str) -> Content:
    """:raises LookupError: the template has no such task"""
    for step in data["steps"]:
        for one in step["tasks"]:
            if one["key"] == key:
                found: Content = one
                return found
    raise LookupError(key)


def title_of_step(data: Content, key: str, post: Posted) -> Content:
    """A step under another title."""
    new = deepcopy(data)
    for step in new["steps"]:
        if step["key"] == key:
            step["title"] = _words(post, "title")
    return new


def _question(field: Content, post: Posted, prefix: str) -> None:
    field["label"] = _words(post, f"{prefix}label")
    field["help"] = _words(post, f"{prefix}help")
    if not any(field["help"].values()):
        del field["help"]
    field["type"] = str(post.get(f"{prefix}type", "text"))
    field["required"] = bool(post.get(f"{prefix}required"))
    field["target"] = str(post.get(f"{prefix}target", ""))
    field["when"] = _when(post, prefix)
    field["choices"] = [
        [value, {"en": english, "da": danish or english}]
        for value, english, danish in map(
            _choice, str(post.get(f"{prefix}choices", "")).splitlines()
        )
        if value
    ]
    if field["type"] != "choice":
        field["choices"] = []


def _act_on_fields(one: Content, do: str) -> None:
    if do == "add-field":
        known = {field["key"] for field in one.get("fields", [])}
        one.setdefault("fields", []).append(
            {
                "key": _free("question", known),
                "label": {"en": "New question", "da": "Nyt spørgsmål"},
                "type": "text",
                "required": False,
            }
        )
        return
    verb, _colon, number = do.partition(":")
    if number.isdecimal() and int(number) < len(one.get("fields", [])):
        chosen = one["fields"][int(number)]
        _act(one["fields"], verb.removesuffix("-field"), lambda field: field is chosen)


def _act(parts: list[Any], verb: str, chosen: Callable[[Any], bool]) -> None:
    place = next((number for number, one in enumerate(parts) if chosen(one)), None)
    if place is None:
        return
    if verb == "remove":
        del parts[place]
    elif verb == "up" and place:
        parts[place - 1 : place + 1] = [parts[place], parts[place - 1]]
    elif verb == "down" and place + 1 < len(parts):
        parts[place : place + 2] = [parts[place + 1], parts[place]]


def _forget(data: Content) -> None:
    """What the risk levels demand of tasks that are gone, and what would open them again."""
    known = {one["key"] for step in data["steps"] for one in step["tasks"]}
    data["requirements"] = [one for one in data.get("requirements", []) if one["task"] in known]
    for step in data["steps"]:
        for one in step["tasks"]:
            if "reopens" in one:
                one["reopens"] = [key for key in one["reopens"] if key in known]


def _new_task(kind: str, data: Content) -> Content:
    known = {one["key"] for step in data["steps"] for one in step["tasks"]}
    made: Content = {
        "key": _free("task", known),
        "kind": kind,
        "title": {"en": "New task", "da": "Ny opgave"},
        "required": False,
        "hours": 0,
    }
    if kind == "document":
        made["documents"] = ["other"]
    elif kind == "answers":
        _act_on_fields(made, "add-field")
    return made


def _free(name: str, known: set[str]) -> str:
    return next(
        key for key in (f"{name}_{number}" for number in range(1, 1000)) if key not in known
    )


def _demands(post: Posted, number: str) -> Content:
    return {level: str(post.get(f"{level}-{number}", "optional")) for level in LEVELS}


def _words(post: Posted, name: str) -> dict[str, str]:
    return {language: str(post.get(f"{name}-{language}", "")).strip() for language in ("en", "da")}


def _when(post: Posted, prefix: str) -> list[Content]:
    found: list[Content] = []
    for number in range(12):
        fact = str(post.get(f"{prefix}fact{number}", ""))
        test = str(post.get(f"{prefix}test{number}", ""))
        if not fact or test not in TESTS:
            continue
        text = str(post.get(f"{prefix}value{number}", ""))
        words = [one.strip() for one in text.split(",") if one.strip()]
        found.append({"fact": fact, test: _number(text) if test in NUMBERS else words})
    return found


def _choice(line: str) -> tuple[str, str, str]:
    parts = [one.strip() for one in line.split("|")]
    value, english, danish = [*parts, "", ""][:3]
    return value, english or value, danish


def _number(text: Any) -> Any:
    """A number, whole where it is; what is none stays as it was typed and is refused as such."""
    try:
        found = float(str(text).strip().replace(",", "."))
    except ValueError:
        return str(text)
    if found != found or abs(found) > 1e9:
        return str(text)
    return int(found) if found.is_integer() else found
