"""Discrepancies with a company register: found, and settled within fourteen days."""

from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import actors, jobs, records
from clm.core.models import Event, Job, User
from customers.models import Customer, PartyKind
from customers.services.sources import note_system
from kyc import companies
from kyc.lifecycle import AT_WORK
from kyc.models import Case, RegisterDiscrepancy, Trigger
from kyc.registers import Extract, differences
from kyc.services.opening import ask

#: Calendar days to report a discrepancy to the register (AMLD art. 30(4), AMLR art. 24).
DAYS = 14
READ = "kyc.read_register"
ASKED = ("beneficial_owners", "company_register")
#: The register has just been asked; and of alerts nothing leaves compliance, not even a question.
_ASK_NO_REGISTER = (Trigger.REGISTER_DISCREPANCY, Trigger.ALERT)


def note_register_extract(
    *, customer: Customer, extract: Extract, actor: User, at: datetime
) -> list[RegisterDiscrepancy]:
    """
    Compare a register's statement with the record; where they disagree a case is opened or asks
    it besides, and each new difference has its fourteen days.

    The same statement again finds the differences that stand open and opens nothing. What it says
    of name and legal form is kept with the other sources of the customer's record; that it was
    taken is an event of the customer.

    :returns: the customer's open differences with this register
    :raises PermissionDenied: `actor` may not open cases
    :raises ValidationError: the customer is a person
    """
    if not actors.may(actor=actor, permission="kyc.add_case"):
        raise PermissionDenied(_("You may not do this."))
    if customer.kind != PartyKind.ORGANISATION:
        raise ValidationError({"customer": _("A company register is about organisations.")})
    found = differences(customer=customer, extract=extract, on=timezone.localdate(at))
    with transaction.atomic():
        # Two statements at once are taken one after the other.
        customer = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
        if extract.name:
            note_system(
                customer=customer, system=extract.register.casefold()[:60],
                values={"name": extract.name}, at=at,
            )  # fmt: skip
        records.note(
            record=customer, action="compare_register", actor=actor, at=at,
            payload={"register": extract.register, "differences": len(found)},
        )  # fmt: skip
        standing = RegisterDiscrepancy.objects.filter(
            customer=customer, register=extract.register, outcome=""
        )
        known = {(one.kind, one.ours, one.theirs) for one in standing}
        fresh = [
            records.create(
                record=RegisterDiscrepancy(
                    customer=customer, register=extract.register, kind=one.kind,
                    ours=one.ours[:300], theirs=one.theirs[:300], found_at=at,
                    due_on=timezone.localdate(at) + timedelta(days=DAYS),
                ),
                actor=actor, at=at, payload={"kind": str(one.kind)},
            )
            for one in found
            if (one.kind, one.ours[:300], one.theirs[:300]) not in known
        ]  # fmt: skip
        if fresh:
            ask(
                customer=customer, trigger=Trigger.REGISTER_DISCREPANCY,
                asked=ASKED if customer.kyc_cleared_at else (),
                reason={
                    "code": "register_discrepancy",
                    "facts": {"register": extract.register, "count": len(fresh),
                              "on": fresh[0].due_on.isoformat()},
                },
                cause=fresh[0].pk, at=at,
            )  # fmt: skip
        return list(standing.all().order_by("pk"))


def start_register_read(*, customer: Customer, register: str, actor: User, at: datetime) -> Job:
    """
    Ask a register about a customer, as a job; what it says otherwise opens or refreshes a case.

    :raises PermissionDenied: `actor` may not open cases
    :raises ValidationError: the register cannot be asked here, or not about this customer
    """
    if not actors.may(actor=actor, permission="kyc.add_case"):
        raise PermissionDenied(_("You may not do this."))
    if register not in {one.code for one in companies.open_to(customer=customer)}:
        raise ValidationError({"register": _("This register cannot be asked about the customer.")})
    return jobs.start(
        kind=READ, parameters={"customer_id": str(customer.pk), "register": register},
        actor=actor, at=at,
    )  # fmt: skip


def ask_registers(*, event: Event, at: datetime) -> None:
    """
    A case that asks who an organisation is has the registers that know it asked, each once, as
    jobs; what one says otherwise refreshes the case, or opens one where it is decided already.
    """
    case = Case.objects.select_related("customer").get(pk=event.record_id)
    if case.trigger in _ASK_NO_REGISTER or not (case.is_whole or set(ASKED) & set(case.asked)):
        return
    if case.customer.kind != PartyKind.ORGANISATION:
        return
    for register in companies.open_to(customer=case.customer):
        parameters = {
            "customer_id": str(case.customer_id), "register": register.code, "case_id": str(case.pk),
        }  # fmt: skip
        if not Job.objects.filter(kind=READ, parameters=parameters).exists():
            jobs.start(kind=READ, parameters=parameters, actor=actors.system_user(), at=at)


def settle_discrepancy(
    *, discrepancy: RegisterDiscrepancy, outcome: str, comment: str, actor: User, at: datetime
) -> RegisterDiscrepancy:
    """
    Say what came of a difference; with the last of them the case's checks run again.

    :param outcome: `corrected`, `reported` or `register_corrected`
    :raises PermissionDenied: `actor` does not decide, or is a robot
    :raises ValidationError: no such outcome, no comment, or settled already
    """
    if actor.is_robot or not actors.may(actor=actor, permission="kyc.decide_hit"):
        raise PermissionDenied(_("You may not do this."))
    if outcome not in RegisterDiscrepancy.Outcome.values:
        raise ValidationError({"outcome": _("Say what came of it.")})
    if not comment.strip():
        raise ValidationError({"comment": _("Say what was done.")})
    with transaction.atomic():
        locked = RegisterDiscrepancy.objects.select_for_update(of=("self",)).get(pk=discrepancy.pk)
        if locked.outcome:
            raise ValidationError({"outcome": _("It is settled already.")})
        settled = records.change(
            record=locked,
            changes={"outcome": outcome, "comment": comment.strip(), "settled_by": actor,
                     "settled_at": at},
            actor=actor, at=at, payload={"outcome": outcome},
        )  # fmt: skip
        open_ones = RegisterDiscrepancy.objects.filter(customer=locked.customer_id, outcome="")
        if not open_ones.exists():
            cases = Case.objects.filter(customer=locked.customer_id, state__in=AT_WORK)
            for case in cases:
                records.note(
                    record=case, action="ask_again", actor=actor, at=at,
                    payload={"trigger": str(Trigger.REGISTER_DISCREPANCY)},
                )  # fmt: skip
        return settled
