"""Opening cases and running their checks."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from json import dumps
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from clm.core import actors, lifecycle, records
from clm.core.clocks import CLOSES, ZONE, add_business_hours
from clm.core.lifecycle import TransitionRefused
from clm.core.models import Event, User
from customers.lifecycle import ENDED as CUSTOMER_ENDED
from customers.lifecycle import Stage
from customers.models import Customer
from customers.selectors.duplicates import customer_now
from kyc import checks, risk, screening
from kyc.lifecycle import AT_WORK, ENDED, CaseState, risk_is_not_lowered
from kyc.matching import MODEL, THRESHOLD
from kyc.models import (
    Case,
    Check,
    CheckResult,
    Hit,
    HitState,
    RiskAssessment,
    RiskModel,
    Trigger,
)
from kyc.ownership import ownership_facts
from kyc.rating.selectors import PORTFOLIO, risk_model_in_force
from kyc.rating.subjects import is_exposed_only, is_media_only, shows_funds, subjects
from kyc.screening import Candidate
from kyc.selectors import alerts_to_judge, case_facts
from kyc.selectors.cases import day_asked
from kyc.selectors.registers import discrepancies_open
from kyc.services.opening import ask, open_case

#: What a match nobody decided yet asks.
SCREENED = ("sanctions", "sanctioned_ownership")
#: Opening hours until a decision, by how likely the match is.
HOURS_LIKELY, HOURS_OTHER = 8, 24
LIKELY = 0.95


def open_onboarding_case(*, event: Event, at: datetime) -> None:
    """
    A submitted application opens a case on its customer.

    The event's payload names `customer_id`, and `application_id` where the record is another;
    a transition taken by a button or over the API names neither, and then the record does.
    """
    payload = event.payload
    record: Any = event.record() if "customer_id" not in payload else None
    open_case(
        customer=customer_now(customer_id=payload.get("customer_id") or record.customer_id),
        trigger=Trigger.ONBOARDING,
        actor=actors.system_user(),
        at=at,
        opening_event=event.pk,
        application_id=UUID(str(payload.get("application_id") or event.record_id)),
    )


def rescreen_customer(*, event: Event, at: datetime) -> None:
    """
    A customer whose name, birth or countries changed is compared with all lists again; a new
    likely match opens a case, and so does a name that cannot be compared. Other changes change
    nothing.
    """
    asked = {"given_names", "family_name", "name", "born_on", "nationalities", "residence_country"}
    if not asked & set(event.payload.get("fields", ())):
        return
    customer = customer_now(customer_id=event.record_id)
    if screening.is_screenable(customer):
        rescreen(customers=[customer], trigger=Trigger.CUSTOMER_CHANGED, at=at, cause=event.pk)
    elif customer.stage in PORTFOLIO:
        # No list finds such a name: a person looks at it.
        ask(
            customer=customer, trigger=Trigger.CUSTOMER_CHANGED, cause=event.pk, at=at,
            asked=SCREENED if customer.kyc_cleared_at else (),
            reason={"code": "name_unscreenable", "facts": {}},
        )  # fmt: skip


def rescreen(
    *,
    customers: Collection[Customer],
    trigger: str,
    at: datetime,
    cause: UUID,
    found: Mapping[UUID, list[Candidate]] | None = None,
) -> int:
    """
    Screen customers of the bank again; each with a match nobody decided yet gets one case.

    :param found: their matches, where they were screened already

    A customer whose case has yet to run its checks is left to it, and so is one whose application
    has yet to open the first case: those checks screen against all lists. Returns how many cases
    were opened.
    """
    wanted = [
        one
        for one in customers
        if one.stage not in (*CUSTOMER_ENDED, Stage.ERASED, Stage.PROSPECT, Stage.UNADMITTED)
    ]
    wanted = _without_their_own_case(wanted)
    if found is None:
        parties = [screening.customer_party(one) for one in wanted]
        screened = screening.screen(parties=parties)
        found = {one.pk: rows for one, rows in zip(wanted, screened, strict=True)}
    opened = 0
    for customer in wanted:
        candidates = found[customer.pk]
        fresh = [
            one for one in candidates if _decided_before(customer, one) is None
            and not _is_open(customer, one)
        ]  # fmt: skip
        if not fresh:
            continue
        # Before the first clearance every case asks everything: it decides about the customer.
        opened += ask(
            customer=customer, trigger=trigger, asked=SCREENED if customer.kyc_cleared_at else (),
            reason={"code": str(trigger), "facts": {
                "lists": sorted({str(one.entry.watchlist) for one in fresh}),
                "entries": sorted(str(one.entry.pk) for one in fresh),
            }},
            cause=cause, at=at,
        )  # fmt: skip
    return opened


def run_checks(*, event: Event, at: datetime) -> None:
    """
    Screen, check and rate an open case; then it is cleared straight through or handed to a
    person. One transaction: a case killed in the middle was never begun, and one that is past
    its checks is left alone, so that running again makes no second hit.
    """
    system = actors.system_user()
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).get(pk=event.record_id)
        if case.state == CaseState.OPEN:
            case = lifecycle.perform(record=case, name="start_checks", actor=system, at=at)
        if case.state != CaseState.CHECKING:
            return
        round_ = (case.checks.aggregate(last=Max("round"))["last"] or 0) + 1
        case = _check(case, round_, system, at)
        _decide(case, system, at)


def check_again(*, event: Event, at: datetime) -> None:
    """
    Run the checks of a case that people are working on once more; its state stays.

    What was decided on the same facts is not brought up again.
    """
    with transaction.atomic():
        case = Case.objects.select_for_update(of=("self",)).get(pk=event.record_id)
        if case.state not in AT_WORK or case.state == CaseState.REOPENED:
            # What is reopened is checked when somebody says so; what is decided is over.
            return
        round_ = (case.checks.aggregate(last=Max("round"))["last"] or 0) + 1
        _check(case, round_, actors.system_user(), at)


def assign_case(
    *, case: Case, assignee: User | None, actor: User, at: datetime, version: int | None = None
) -> Case:
    """
    Give a case to someone, or back to the queue.

    :raises TransitionRefused: the case is decided, or waits for a second person
    :raises PermissionDenied: `actor` may not assign, or `assignee` may not work on cases
    """
    if not actors.may(actor=actor, permission="kyc.assign_case"):
        raise PermissionDenied(_("You may not do this."))
    if assignee is not None and not actors.may(actor=assignee, permission="kyc.decide_hit"):
        raise TransitionRefused([_("The person works on KYC cases")])
    if case.state not in (*AT_WORK, CaseState.OPEN, CaseState.CHECKING):
        # An edit would void the question that the second person is looking at.
        raise TransitionRefused([_("The case is neither decided nor waiting for approval")])
    return records.change(
        record=case, changes={"assignee": assignee}, actor=actor, at=at, version=version
    )


# Checking --------------------------------------------------------------------------------------


def _check(case: Case, round_: int, system: User, at: datetime) -> Case:
    customer = case.customer
    model = risk_model_in_force()
    candidates = _candidates(case) if _screens(case) else []
    known = _record_hits(case, candidates, system, at)
    subject = _subject(case, customer, model, known, at)
    for kind in checks.for_kind(customer.kind, asked=case.asked):
        finding = kind.run(subject)
        Check.objects.create(
            case=case,
            customer=customer,
            kind=kind.name,
            round=round_,
            result=CheckResult.PASSED if finding.passed else CheckResult.FAILED,
            code=finding.code,
            facts=dict(finding.facts),
            at=at,
        )
    rating = risk.rate(subject=subject, factors=model.factors, levels=model.levels)
    RiskAssessment.objects.create(
        case=case, customer=customer, level=rating.level, score=rating.score,
        factors=rating.factors, model=model, round=round_, at=at,
    )  # fmt: skip
    top = max((one.score for one in candidates), default=None)
    return records.change(
        record=case,
        changes={
            "round": round_,
            "risk": rating.level,
            "top_score": _exact(top) if top is not None else None,
        },
        actor=system,
        at=at,
        payload={"hits": case.hits.filter(status=HitState.OPEN).count(), "checks_round": round_},
    )


def _candidates(case: Case) -> list[Candidate]:
    """The likely matches among all lists, and those for which the case was opened."""
    own = screening.customer_party(case.customer)
    found = screening.screen(parties=[own])[0]
    known = {one.entry.pk for one in found}
    told = {UUID(key) for one in case.because for key in one["facts"].get("entries", ())}
    found += screening.compare_with(party=own, entries=told - known)
    return sorted(found, key=lambda one: (-one.score, one.entry.key))


def _screens(case: Case) -> bool:
    return case.is_whole or "sanctions" in case.asked


def _record_hits(case: Case, candidates: list[Candidate], system: User, at: datetime) -> int:
    """Write the likely matches nobody decided yet; how many were decided before."""
    known = 0
    for one in candidates:
        if _decided_before(case.customer, one) is not None:
            known += 1
            continue
        digest, facts = facts_of(case.customer, one)
        if Hit.objects.filter(case=case, entry=one.entry, facts_digest=digest).exists():
            continue
        previous = (
            Hit.objects.filter(customer=case.customer, entry=one.entry)
            .exclude(status=HitState.OPEN)
            .order_by("-decided_at")
            .first()
        )
        records.create(
            record=Hit(
                case=case, customer=case.customer, watchlist=one.entry.watchlist, entry=one.entry,
                name=one.name or one.entry.key, score=_exact(one.score), threshold=_exact(THRESHOLD),
                explanation=one.comparison.explanation, model=MODEL, facts_digest=digest,
                facts=facts, previous=previous,
            ),
            actor=system,
            at=at,
            payload={"case_id": str(case.pk), "entry_id": str(one.entry.pk)},
        )  # fmt: skip
    return known


def facts_of(customer: Customer, candidate: Candidate) -> tuple[str, dict[str, Any]]:
    """The facts that were compared, and their digest: when one changes, a decision is open again."""
    own, entry = screening.customer_party(customer), candidate.entry
    facts = {
        "customer": {
            "names": sorted(own.names),
            "born": customer.born_on.isoformat() if customer.born_on else "",
            "countries": sorted(own.countries),
        },
        "entry": {
            "names": sorted(one.name for one in entry.names.all()),
            "born": entry.births,
            "countries": sorted({*entry.nationalities, *entry.countries}),
        },
    }
    digest = sha256(dumps(facts, sort_keys=True).encode()).hexdigest()
    return digest, {**facts["entry"], "customer": facts["customer"]}


def _exact(score: float) -> Decimal:
    return Decimal(f"{score:.4f}")


def _without_their_own_case(customers: Collection[Customer]) -> list[Customer]:
    """Those whom no case is about to compare with all lists anyway."""
    keys = [one.pk for one in customers]
    cases = Case.objects.filter(customer__in=keys)
    begun = set(cases.values_list("customer_id", flat=True))
    due = set(
        cases.filter(state__in=[CaseState.OPEN, CaseState.CHECKING]).values_list(
            "customer_id", flat=True
        )
    )
    return [
        one
        for one in customers
        if one.pk not in due and (one.pk in begun or one.stage != Stage.ONBOARDING)
    ]


def _decided_before(customer: Customer, candidate: Candidate) -> Hit | None:
    """The decision that this is another person, taken on the very same facts."""
    digest, _facts = facts_of(customer, candidate)
    return Hit.objects.filter(
        customer=customer, entry=candidate.entry, facts_digest=digest, status=HitState.FALSE_MATCH
    ).first()


def _is_open(customer: Customer, candidate: Candidate) -> bool:
    return (
        Hit.objects.filter(customer=customer, entry=candidate.entry)
        .exclude(case__state__in=ENDED)
        .exists()
    )


def _subject(
    case: Case, customer: Customer, model: RiskModel, known: int, at: datetime
) -> checks.Subject:
    """The customer with the matches of this case; those confirmed in earlier ones count on."""
    on = timezone.localdate(at)
    standing = subjects(customers=[customer], on=on, factors=[model.factors])[customer.pk]
    hits = list(case.hits.select_related("entry"))
    waiting = [one for one in hits if one.status == HitState.OPEN]
    true = [one for one in hits if one.status == HitState.TRUE_MATCH]
    level = (
        customer.risk_level
        or risk.rate(subject=standing, factors=model.factors, levels=model.levels).level
    )
    exposed = sum(is_exposed_only(one.entry.programmes) for one in true)
    media = sum(is_media_only(one.entry.programmes) for one in true)
    diligence = model.diligence[level]
    return replace(
        standing,
        open_hits=len(waiting) if _screens(case) else standing.open_hits,
        known_hits=known,
        screenable=screening.is_screenable(customer),
        alerts=alerts_to_judge(customer_id=customer.pk),
        discrepancies=discrepancies_open(customer_id=customer.pk),
        true_hits=max(standing.true_hits, len(true) - exposed),
        pep_hits=max(standing.pep_hits, exposed - media),
        media_hits=max(standing.media_hits, media),
        top_score=max((float(one.score) for one in waiting), default=0.0),
        owners=ownership_facts(customer=customer, on=on),
        asked=frozenset(diligence["requirements"] if diligence["kind"] != "simplified" else ()),
        needs_paper="identity_document" in diligence["requirements"],
        needs_funds=diligence["kind"] == "enhanced",
        funds_shown=shows_funds(customer=customer),
    )


def _decide(case: Case, system: User, at: datetime) -> None:
    facts = case_facts(records=[case], at=at)[case.pk]
    clean = not (facts.open_hits or facts.true_hits or facts.failed_checks)
    if clean and facts.risk == "low" and risk_is_not_lowered.check(case, facts):
        lifecycle.perform(record=case, name="clear", actor=system, at=at)
        return
    likely = case.top_score is not None and case.top_score >= LIKELY and facts.open_hits
    hours = HOURS_LIKELY if likely else HOURS_OTHER
    due_at = add_business_hours(start=at, hours=hours)
    day = None if likely else day_asked(case=case)
    if day is not None:
        due_at = max(due_at, datetime.combine(day, CLOSES, ZONE))
    lifecycle.perform(
        record=case, name="triage", actor=system, at=at, changes={"due_at": due_at}
    )  # fmt: skip
