"""Reading applications: who sees which, what is missing, the queue and its load."""

from onboarding.selectors.applications import (
    application_facts,
    last_question,
    of_customer,
    open_of_customer,
    template_in_force,
    visible_applications,
    visible_tasks,
)
from onboarding.selectors.backlog import (
    Figures,
    Load,
    counts,
    figures,
    load,
    queue,
    waiting_for,
)
from onboarding.selectors.links import link_in_force, link_of
from onboarding.selectors.workspace import (
    CUSTOMER_TARGETS,
    Answered,
    StepView,
    TaskView,
    known_of_customer,
    missing,
    progress,
    steps,
    task_to_show,
)

__all__ = [
    "CUSTOMER_TARGETS",
    "Answered",
    "Figures",
    "Load",
    "StepView",
    "TaskView",
    "application_facts",
    "counts",
    "figures",
    "known_of_customer",
    "last_question",
    "link_in_force",
    "link_of",
    "load",
    "missing",
    "of_customer",
    "open_of_customer",
    "progress",
    "queue",
    "steps",
    "task_to_show",
    "template_in_force",
    "visible_applications",
    "visible_tasks",
    "waiting_for",
]
