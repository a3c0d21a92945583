"""
A template as YAML, out and in again. Pure.

What comes in is read without tags, aliases and double keys: it is data and nothing more.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

import yaml
from django.utils.translation import gettext as _

from onboarding.kinds import TemplateKind
from onboarding.shape import LANGUAGES, Fault, Path, faults, written

LONGEST = 400_000
_DEEPEST = 14
_TOP = ("kind", "name", "content")


class _Loader(yaml.SafeLoader):
    """Safe, and plain: only true and false are truths, and a date is the words it is written in."""


_Loader.yaml_implicit_resolvers = {
    first: [
        (tag, pattern)
        for tag, pattern in found
        if tag not in {"tag:yaml.org,2002:bool", "tag:yaml.org,2002:timestamp"}
    ]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"^(?:true|false)$"), list("tf"))


class BadYaml(Exception):
    """A file that is no template: each fault as line (0 for none) and words."""

    def __init__(self, faults: list[tuple[int, str]]) -> None:
        self.faults = faults
        super().__init__(" ".join(words for _line, words in faults))

    @property
    def messages(self) -> list[str]:
        """The faults in sentences that say where."""
        return [
            _("Line %(line)d: %(fault)s") % {"line": line, "fault": words} if line else words
            for line, words in self.faults
        ]


def to_yaml(*, kind: str, name: Mapping[str, str], content: Mapping[str, Any]) -> str:
    """The template as a file that `from_yaml` reads back as it was."""
    return yaml.safe_dump(
        {"kind": kind, "name": ordered(name), "content": ordered(content)},
        allow_unicode=True,
        sort_keys=False,
        width=100,
    )


#: The database keeps a mapping in an order of its own; who reads the file wants this one.
_ORDER = (
    "decide_within_hours", "straight_through", "steps", "requirements", "fact", "key", "task",
    "field", "kind", "title", "label", "help", "type", "required", "hours", "target", "when",
    "reopens", "choices", "documents", "fields", "tasks", "en", "da", "low", "medium", "high",
)  # fmt: skip


def ordered(data: Any) -> Any:
    """The same with its keys in the order in which a template is read."""
    if isinstance(data, list):
        return [ordered(one) for one in data]
    if not isinstance(data, Mapping):
        return data
    place = {name: number for number, name in enumerate(_ORDER)}
    keys = sorted(data, key=lambda name: place.get(name, len(place)))
    return {key: ordered(data[key]) for key in keys}


def from_yaml(text: str) -> tuple[str, dict[str, str], dict[str, Any]]:
    """
    Kind, name and content of a file.

    :raises BadYaml: it cannot be read, or says something that no template can
    """
    if len(text) > LONGEST:
        raise BadYaml([(0, _("The file is too long for a template."))])
    try:
        _refuse_aliases(text)
        root = yaml.compose(text, Loader=_Loader)
        lines: dict[Path, int] = {}
        if root is not None:
            _places(root, (), lines)
        data = yaml.load(text, Loader=_Loader)  # noqa: S506 (a safe loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BadYaml([((mark.line + 1) if mark else 0, _words(error))]) from None
    except (yaml.YAMLError, ValueError, RecursionError, OverflowError):
        raise BadYaml([(0, _("This is no YAML."))]) from None
    found = [*_head(data), *((one.path, one.words) for one in _of_content(data))]
    if found:
        raise BadYaml([(_line(path, lines), _said(path, words)) for path, words in found[:50]])
    return data["kind"], data["name"], data["content"]


def _head(data: Any) -> list[tuple[Path, str]]:
    if not isinstance(data, dict):
        return [((), _("A template is a mapping of kind, name and content."))]
    found: list[tuple[Path, str]] = [
        ((str(key),), _("Nothing is called this here.")) for key in data if key not in _TOP
    ]
    if not isinstance(data.get("kind"), str) or data["kind"] not in TemplateKind.values:
        words = _("One of these: %(all)s.") % {"all": ", ".join(TemplateKind.values)}
        found.append((("kind",), words))
    name = data.get("name")
    if (
        not isinstance(name, dict)
        or set(name) != set(LANGUAGES)
        or not all(isinstance(one, str) and 0 < len(one.strip()) <= 80 for one in name.values())
    ):
        found.append((("name",), _("Words are given as en and da.")))
    return found


def _of_content(data: Any) -> list[Fault]:
    content = data.get("content") if isinstance(data, dict) else None
    return [Fault(("content", *one.path), one.words) for one in faults(content)]


def _refuse_aliases(text: str) -> None:
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent):
            raise yaml.MarkedYAMLError(
                problem=_("References are not allowed."), problem_mark=cast("Any", event.start_mark)
            )


def _places(node: yaml.Node, path: Path, lines: dict[Path, int]) -> None:
    """Note the line of every part; refuse keys that stand twice and what is too deep."""
    lines[path] = node.start_mark.line + 1
    if len(path) > _DEEPEST:
        raise yaml.MarkedYAMLError(
            problem=_("This is nested too deep."), problem_mark=node.start_mark
        )
    if isinstance(node, yaml.SequenceNode):
        for number, one in enumerate(node.value):
            _places(one, (*path, number), lines)
    elif isinstance(node, yaml.MappingNode):
        seen = set()
        for key, one in node.value:
            name = str(key.value)
            if name in seen:
                raise yaml.MarkedYAMLError(
                    problem=_("“%(key)s” stands twice.") % {"key": name},
                    problem_mark=key.start_mark,
                )
            seen.add(name)
            _places(one, (*path, name), lines)


def _line(path: Path, lines: Mapping[Path, int]) -> int:
    """The line of a part; of one that is not there, of what it should be in."""
    while path not in lines and path:
        path = path[:-1]
    return lines.get(path, 0)


def _said(path: Path, words: str) -> str:
    return f"{written(path)}: {words}" if path else words


def _words(error: yaml.MarkedYAMLError) -> str:
    return _("This is no YAML: %(problem)s") % {"problem": error.problem or error.context or ""}
