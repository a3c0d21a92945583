"""Reading templates: what is in force, what they ask of somebody, their trials."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from clm.core import actors
from clm.core.lifecycle import RulesState
from clm.core.models import Job, User
from customers.models import Customer, Product
from onboarding import blueprint
from onboarding.conditions import ANSWER
from onboarding.kinds import TemplateKind, age, fitting_kind
from onboarding.models import Application, ApplicationTask, ApplicationTemplate, TaskKind

TRIAL = "onboarding.trial"


def visible_templates(*, actor: User) -> QuerySet[ApplicationTemplate]:
    """Every version, for those who may see them: they hold nothing of anybody."""
    if not actors.may(actor=actor, permission="onboarding.view_applicationtemplate"):
        return ApplicationTemplate.objects.none()
    return ApplicationTemplate.objects.order_by("kind", "-number")


def template_in_force(*, kind: str) -> ApplicationTemplate:
    """:raises ApplicationTemplate.DoesNotExist: there is none"""
    return ApplicationTemplate.objects.get(kind=kind, state=RulesState.IN_FORCE)


def templates_in_force() -> dict[str, ApplicationTemplate]:
    """What is in force, by kind."""
    return {one.kind: one for one in ApplicationTemplate.objects.filter(state=RulesState.IN_FORCE)}


def version_before(*, template: ApplicationTemplate) -> ApplicationTemplate | None:
    """What a version is compared with: what is in force for one to come, else the one before it."""
    if template.state in (RulesState.DRAFT, RulesState.PENDING):
        return templates_in_force().get(template.kind)
    before = ApplicationTemplate.objects.filter(kind=template.kind, number__lt=template.number)
    return before.order_by("-number").first()


def kind_for(*, customer: Customer, on: date) -> TemplateKind:
    """What a customer is asked as, unless somebody says otherwise."""
    return fitting_kind(
        party=customer.kind, born_on=customer.born_on, legal_form=customer.legal_form, on=on
    )


@dataclass(frozen=True)
class KindChoice:
    """
    One kind that a customer may be asked as, and what that asks of them.

    :param template: what is in force; None where nothing is, and nobody can be asked
    """

    kind: TemplateKind
    fits: bool
    template: ApplicationTemplate | None
    questions: int = 0
    documents: int = 0
    checks: int = 0


def kind_choices(
    *, kinds: Sequence[TemplateKind] = tuple(TemplateKind), fitting: str = ""
) -> list[KindChoice]:
    """The kinds with what is in force for each; the one that fits comes first."""
    in_force = templates_in_force()
    found = []
    for kind in sorted(kinds, key=lambda one: one != fitting):
        template = in_force.get(kind)
        tasks = blueprint.tasks(template.data) if template else []
        found.append(
            KindChoice(
                kind=kind,
                fits=kind == fitting,
                template=template,
                questions=sum(len(one.fields) for one in tasks),
                documents=sum(1 for one in tasks if one.kind == TaskKind.DOCUMENT),
                checks=sum(1 for one in tasks if one.kind == TaskKind.CHECK),
            )
        )
    return found


def trial_jobs(*, template: ApplicationTemplate) -> QuerySet[Job]:
    """The trials of a draft, newest first."""
    found = Job.objects.filter(kind=TRIAL, parameters__template_id=str(template.pk))
    return found.order_by("-created_at")


def facts_of(
    *,
    data: Mapping[str, Any],
    customer: Customer,
    product: Product | None,
    answers: Mapping[str, Mapping[str, Any]],
    known: Mapping[str, Any],
    on: date,
) -> dict[str, Any]:
    """
    What a template's conditions may ask about somebody.

    :param answers: what stands with the tasks, by task
    :param known: what the shared record says, by target
    """
    facts: dict[str, Any] = {
        "risk": customer.risk_level,
        "party": customer.kind,
        "product": product.code if product else "",
        "category": product.category if product else "",
        "residence_country": customer.residence_country,
        "nationalities": list(customer.nationalities),
        "tax_countries": list(customer.tax_countries),
        "legal_form": customer.legal_form,
    }
    if customer.born_on:
        facts["age"] = age(born_on=customer.born_on, on=on)
    for task in blueprint.tasks(data):
        given = answers.get(task.key, {})
        for one in task.fields:
            value = known.get(one.target) if one.target else given.get(one.key)
            facts[f"{ANSWER}{task.key}.{one.key}"] = value
    return facts


def facts_of_application(
    *, application: Application, tasks: Sequence[ApplicationTask], known: Mapping[str, Any]
) -> dict[str, Any]:
    """The same of an application; ages are those of the day on which it was opened."""
    return facts_of(
        data=application.template.data,
        customer=application.customer,
        product=application.product,
        answers={one.key: one.answers for one in tasks},
        known=known,
        on=timezone.localdate(application.created_at),
    )
