"""How an answer stands in a form, and what customers ask."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from onboarding import selectors, welcome
from onboarding.models import MILESTONES, Application, CustomerQuestion
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


@register.simple_tag
def questions_of(application: Application) -> list[CustomerQuestion]:
    """What the customer asked a person, what waits first."""
    return selectors.questions_of(application=application)


@register.simple_tag
def welcome_of(application: Application) -> dict[str, Any] | None:
    """An application's welcome plan as it is shown: milestones, and messages with their titles."""
    plan = selectors.welcome_of(application=application)
    if plan is None:
        return None
    language, steps = "da" if (get_language() or "").startswith("da") else "en", welcome.steps()
    return {
        "milestones": [(label, plan.reached(name)) for name, label in MILESTONES.items()],
        "messages": [
            {
                "message": one,
                "title": steps[one.step].title[language] if one.step in steps else one.step,
                "note": _(one.note) if one.note else "",
            }
            for one in plan.messages.all()
        ],
    }
