"""What is answered from a record's own state; each app registers its topics."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from clm.core.registries import Registry


@dataclass(frozen=True)
class Topic:
    """
    One thing that an app can tell about the record that a question is asked beside.

    :param title: shown as where the answer comes from
    :param asked: how people ask for it, in all languages
    :param named: words for it
    :param answer: `answer(subject)` gives sentences in the language in use, or None where the
        subject is none that it knows. What it says may be shown to the person the record is about
    """

    name: str
    title: Any
    asked: Sequence[str]
    named: Sequence[str]
    answer: Callable[[Any], Sequence[str] | None]


topics: Registry[Topic] = Registry(key=lambda topic: topic.name)
