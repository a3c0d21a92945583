"""
What follows events elsewhere. Each may run again and then changes nothing.

Deliveries come in no promised order: KYC may have decided before anybody said that it had
begun. So each looks at where the application stands and not at what should have come before.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import actors, clocks, lifecycle, records
from clm.core.models import Event, User
from customers import services as customers
from customers.lifecycle import Stage
from customers.models import Customer, Holding, Product
from customers.selectors.duplicates import customer_now
from onboarding import selectors
from onboarding.lifecycle import OPEN_STATES, ApplicationState, went_straight_through
from onboarding.models import Application, ApplicationTask, KycOutcome, TaskKind
from onboarding.refusals import ANSWERED_IN_DAYS
from onboarding.services.applications import open_for_customer
from onboarding.services.asked import ask_anew

_AWAITS_KYC = (
    ApplicationState.SUBMITTED,
    ApplicationState.VERIFYING,
    ApplicationState.INFORMATION_REQUESTED,
)


def open_application(*, event: Event, at: datetime) -> None:
    """
    Draft an application for the customer an event made.

    Reads `customer_id` and `product_id` from the payload; one application for each record
    that the event is about.
    """
    customer = customer_now(customer_id=event.payload["customer_id"])
    product_id = event.payload.get("product_id")
    open_for_customer(
        customer=customer,
        product=Product.objects.get(pk=product_id) if product_id else None,
        origin_id=event.record_id,
        actor=actors.system_user(),
        at=at,
    )


def customer_starts_onboarding(*, event: Event, at: datetime) -> None:
    """A prospect with an application is being onboarded; whoever is further stays there."""
    customer = _customer(_locked(event.record_id))
    if customer.stage == Stage.PROSPECT:
        lifecycle.perform(
            record=customer, name="start_onboarding", actor=actors.system_user(), at=at
        )


def begin_verification(*, event: Event, at: datetime) -> None:
    """A KYC case was opened for a submitted application: it is being verified."""
    case: Any = event.record()
    for application in _of_case(
        case.customer_id, case.application_id, [ApplicationState.SUBMITTED]
    ):
        _verify(application, case.pk, at)


def continue_application(*, event: Event, at: datetime) -> None:
    """
    KYC is cleared: approve without hands where the template, the checks and the risk allow
    it, else refer to an officer.

    Reads `case_id`, `application_id` and `straight_through` from the payload; without an
    application it is about all that wait.
    """
    payload = event.payload
    for application in _of_case(event.record_id, payload.get("application_id"), _AWAITS_KYC):
        if application.kyc_outcome == KycOutcome.CLEARED:
            continue
        _note_outcome(
            application,
            KycOutcome.CLEARED,
            at,
            straight_through=bool(payload.get("straight_through")),
            case_id=payload.get("case_id"),
        )


def refer_application(*, event: Event, at: datetime) -> None:
    """KYC said no: a person looks at it; nothing is declined by the machine (GDPR art. 22)."""
    case: Any = event.record()
    for application in _of_case(case.customer_id, case.application_id, _AWAITS_KYC):
        if application.kyc_outcome == KycOutcome.REJECTED:
            continue
        _note_outcome(application, KycOutcome.REJECTED, at, straight_through=False, case_id=case.pk)


def resume_verification(*, event: Event, at: datetime) -> None:
    """The customer has answered: to the officer, when KYC had decided meanwhile or before."""
    application = _locked(event.record_id)
    if application.state != ApplicationState.VERIFYING:
        return
    cleared = _customer(application).kyc_cleared_at is not None
    if application.kyc_outcome or cleared:
        lifecycle.perform(record=application, name="refer", actor=actors.system_user(), at=at)


def activate_application(*, event: Event, at: datetime) -> None:
    """Approved: the product is opened, the customer is active, the application is done."""
    system = actors.system_user()
    application = _locked(event.record_id)
    if application.state != ApplicationState.APPROVED:
        return
    application = _decided(application, event.at, at)
    customer = _customer(application)
    if customer.stage == Stage.ONBOARDING:
        customer = lifecycle.perform(record=customer, name="activate", actor=system, at=at)
    holding = _open_holding(application, customer, system, at)
    lifecycle.perform(
        record=application,
        name="activate",
        actor=system,
        at=at,
        payload={"holding_id": str(holding.pk) if holding else None},
    )


def customer_is_declined(*, event: Event, at: datetime) -> None:
    """The bank said no: so is the customer declined, if this was all they asked for."""
    _leave("decline", event, at)


def customer_is_withdrawn(*, event: Event, at: datetime) -> None:
    """The customer went, or never came back: withdrawn, if this was all they asked for."""
    _leave("withdraw", event, at)


def applications_end(*, event: Event, at: datetime) -> None:
    """The customer was declined or went: what they still had asked for is withdrawn."""
    customer = Customer.objects.select_for_update(of=("self",)).filter(pk=event.record_id).first()
    if customer is None:
        # Merged meanwhile: what was asked for goes on under the record that stays.
        return
    for application in selectors.open_of_customer(customer=customer):
        locked = _locked(application.pk)
        if locked.state in OPEN_STATES and locked.state != ApplicationState.APPROVED:
            lifecycle.perform(
                record=locked, name="withdraw", actor=actors.system_user(), at=at,
                reason=_("The customer was declined or withdrew."),
            )  # fmt: skip


def keep_clock(*, event: Event, at: datetime) -> None:
    """
    Start, stop and restart the deadline (`submit`, `request_information`, `resume`), by the
    event's own time.
    """
    application = _locked(event.record_id)
    system = actors.system_user()
    match event.action:
        case "submit":
            changes = _started(application, event.at)
        case "request_information":
            if application.state != ApplicationState.INFORMATION_REQUESTED:
                return
            changes = {"paused_at": event.at}
        case "resume":
            changes = _restarted(application, event.at, system)
        case _:
            return
    records.change(record=application, changes=changes, actor=system, at=at)


def _decided(application: Application, decided_at: datetime, at: datetime) -> Application:
    """The application with the time of its decision and a clock that has ended."""
    return records.change(
        record=application,
        changes={"paused_at": None, "decided_at": application.decided_at or decided_at},
        actor=actors.system_user(),
        at=at,
    )


def _started(application: Application, at: datetime) -> dict[str, Any]:
    if application.submitted_at is not None:
        return {}
    hours = float(application.template.data.get("decide_within_hours", 16))
    due_at = clocks.add_business_hours(start=at, hours=hours)
    if selectors.is_basic(application=application):
        by_law = clocks.add_business_days(start=at, days=ANSWERED_IN_DAYS)
        due_at = min(due_at, by_law)
    return {"submitted_at": at, "due_at": due_at}


def _restarted(application: Application, at: datetime, actor: User) -> dict[str, Any]:
    paused_at = application.paused_at
    if paused_at is None:
        return {}
    for task in ApplicationTask.objects.filter(
        application=application, kind=TaskKind.CHECK, done_at=None, due_at__isnull=False
    ):
        assert task.due_at is not None
        moved = clocks.resumed(due_at=task.due_at, paused_at=paused_at, at=at)
        records.change(record=task, changes={"due_at": moved}, actor=actor, at=at)
    changes: dict[str, Any] = {"paused_at": None}
    if application.due_at is not None:
        changes["due_at"] = clocks.resumed(due_at=application.due_at, paused_at=paused_at, at=at)
    return changes


def _verify(application: Application, case_id: UUID | str | None, at: datetime) -> Application:
    return lifecycle.perform(
        record=application,
        name="begin_verification",
        actor=actors.system_user(),
        at=at,
        changes={"kyc_case_id": UUID(str(case_id)) if case_id else None},
        payload={"case_id": str(case_id) if case_id else None},
    )


def _note_outcome(
    application: Application,
    outcome: KycOutcome,
    at: datetime,
    *,
    straight_through: bool,
    case_id: UUID | str | None,
) -> None:
    if application.state == ApplicationState.SUBMITTED:
        application = _verify(application, case_id, at)
    changes: dict[str, Any] = {
        "kyc_outcome": outcome.value,
        "straight_through": straight_through and bool(_data(application).get("straight_through")),
    }
    if case_id:
        changes["kyc_case_id"] = UUID(str(case_id))
    system = actors.system_user()
    application = records.change(record=application, changes=changes, actor=system, at=at)
    # The risk is known now, and with it what is demanded.
    ask_anew(application=application, actor=system, at=at)
    if application.state != ApplicationState.VERIFYING:
        return
    name = (
        "approve" if outcome == KycOutcome.CLEARED and _may_go_alone(application, at) else "refer"
    )
    lifecycle.perform(record=application, name=name, actor=system, at=at)


def _may_go_alone(application: Application, at: datetime) -> bool:
    facts = selectors.application_facts(records=[application], at=at)[application.pk]
    return (
        went_straight_through.check(application, facts)
        and facts.open_answers == 0
        and facts.open_checks == 0
        and facts.open_documents == 0
        and facts.kyc_cleared
        and not facts.restricted
    )


def _leave(name: str, event: Event, at: datetime) -> None:
    application = _decided(_locked(event.record_id), event.at, at)
    customer = _customer(application)
    others = selectors.open_of_customer(customer=customer).exclude(pk=application.pk)
    if customer.stage not in (Stage.PROSPECT, Stage.ONBOARDING) or others.exists():
        return
    lifecycle.perform(
        record=customer,
        name=name,
        actor=actors.system_user(),
        at=at,
        reason=str(event.detail.get("reason", "")) or application.get_state_display(),
    )


def _open_holding(
    application: Application, customer: Customer, actor: User, at: datetime
) -> Holding | None:
    if application.product is None:
        return None
    # The reference follows from the application, so that it can be opened once only.
    return customers.add_holding(
        customer=customer,
        product=application.product,
        reference=f"A-{application.pk.hex[-12:].upper()}",
        opened_on=timezone.localdate(at),
        currency=application.product.currency,
        actor=actor,
        at=at,
    )


def _locked(application_id: UUID) -> Application:
    return (
        Application.objects.select_for_update(of=("self",))
        .select_related("customer", "template", "product")
        .get(pk=application_id)
    )


def _of_case(
    customer_id: UUID, application_id: UUID | str | None, states: Sequence[ApplicationState]
) -> QuerySet[Application]:
    """The application a case is about; for a case about the customer, all in these states."""
    this_one = Q(pk=application_id) if application_id else Q()
    return (
        Application.objects.filter(this_one, customer_id=customer_id, state__in=states)
        .select_for_update(of=("self",))
        .select_related("customer", "template", "product")
        .order_by("id")
    )


def _customer(application: Application) -> Customer:
    return Customer.objects.get(pk=application.customer_id)


def _data(application: Application) -> dict[str, Any]:
    data: dict[str, Any] = application.template.data
    return data
