"""Giving waiting cases to people, and who of them is there to be given some."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import connection, transaction
from django.utils.translation import gettext as _

from clm.core import actors, records
from clm.core.lifecycle import TransitionRefused
from clm.core.models import Event, User
from kyc.lifecycle import AT_WORK
from kyc.models import Case, CaseTeam, CaseWorker
from kyc.selectors import team, visible_cases
from kyc.services.cases import assign_case


@dataclass
class SharedOut:
    """The cases given, and the sentences of why others were not, by case."""

    done: list[Case] = field(default_factory=list)
    refused: dict[UUID, list[str]] = field(default_factory=dict)


def share_out(*, pairs: Mapping[UUID, UUID], actor: User, at: datetime) -> SharedOut:
    """
    Give each of these cases to the person beside it, as the preview said.

    One at a time shares out: what another gave meanwhile stays where it is, and so does a case
    whose person has gone away or may not have it; those are refused and named.

    :raises PermissionDenied: `actor` may not assign
    """
    if not actors.may(actor=actor, permission="kyc.assign_case"):
        raise PermissionDenied(_("You may not do this."))
    outcome = SharedOut()
    with transaction.atomic():
        _one_at_a_time()
        cases = list(
            visible_cases(actor=actor)
            .filter(pk__in=list(pairs))
            .order_by("due_at", "pk")
            .select_for_update(of=("self",))
        )
        there = {one.user.pk: one.user for one in team.desks(at=at) if one.at_work}
        barred = team.barred_from(cases=cases, people=there.values())
        for case in cases:
            user = there.get(pairs[case.pk])
            reasons = _why_not(case, user, barred[case.pk])
            if reasons or user is None:
                outcome.refused[case.pk] = reasons
                continue
            try:
                outcome.done.append(assign_case(case=case, assignee=user, actor=actor, at=at))
            except TransitionRefused as refusal:
                outcome.refused[case.pk] = refusal.reasons
    return outcome


def assign_new_case(*, event: Event, at: datetime) -> None:
    """
    A case handed to people goes to whoever has least to do, where the team has it so. One that
    somebody has already stays with them, so running again changes nothing.
    """
    if not team.shares_out():
        return
    with transaction.atomic():
        _one_at_a_time()
        case = Case.objects.select_for_update(of=("self",)).get(pk=event.record_id)
        if case.assignee_id is not None or case.state not in AT_WORK:
            return
        found = team.plan(cases=[case], at=at).rows[0].user
        if found is not None:
            assign_case(case=case, assignee=found, actor=actors.system_user(), at=at)


def set_sharing(*, switched_on: bool, actor: User, at: datetime) -> CaseTeam:
    """
    Have new cases given to people as they come, or not.

    :raises PermissionDenied: `actor` may not change how the team works
    """
    _permit_team(actor)
    with transaction.atomic():
        _one_at_a_time()
        found = CaseTeam.objects.first()
        if found is None:
            return records.create(record=CaseTeam(shares_out=switched_on), actor=actor, at=at)
        return records.change(record=found, changes={"shares_out": switched_on}, actor=actor, at=at)


def set_case_worker(
    *, user: User, away_until: date | None, hours_a_week: int | None = None, actor: User,
    at: datetime,
) -> CaseWorker:  # fmt: skip
    """
    Say until when somebody is away and how many hours a week they have for cases.

    Everybody says when they are away themselves; the rest is for who may change the team.

    :param hours_a_week: left out, it stays
    :raises PermissionDenied: neither the person themself nor somebody who may change the team
    :raises ValidationError: hours out of bounds
    """
    if user.pk != actor.pk or hours_a_week is not None:
        _permit_team(actor)
    changes: dict[str, Any] = {"away_until": away_until}
    if hours_a_week is not None:
        changes["hours_a_week"] = hours_a_week
    with transaction.atomic():
        _one_at_a_time()
        found = CaseWorker.objects.filter(user=user).first()
        if found is None:
            return records.create(record=CaseWorker(user=user, **changes), actor=actor, at=at)
        return records.change(record=found, changes=changes, actor=actor, at=at)


def _why_not(case: Case, user: User | None, barred: frozenset[UUID]) -> list[str]:
    if case.assignee_id is not None:
        return [_("Nobody has the case yet")]
    if user is None:
        return [_("The person is at work")]
    if user.pk in barred:
        return [_("The person neither decided on this case before nor looks after the customer")]
    return []


def _one_at_a_time() -> None:
    """Two who share out at once see what the other did, as each has the team to itself."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('kyc.case_team'))")


def _permit_team(actor: User) -> None:
    if not actors.may(actor=actor, permission="kyc.change_caseteam"):
        raise PermissionDenied(_("You may not do this."))
