"""How an answer stands in a form."""

from collections.abc import Mapping
from typing import Any

from django import template

from onboarding.selectors import Answered

register = template.Library()


@register.simple_tag
def answer_value(answered: Answered, typed: Mapping[str, str]) -> Any:
    """What was just typed, else what is known; never a masked number, which is no answer."""
    question = answered.question
    if question.key in typed:
        return typed[question.key]
    if question.type in ("cpr", "cvr"):
        return ""
    if isinstance(answered.value, list):
        return ", ".join(answered.value)
    return "" if answered.value is None else answered.value
