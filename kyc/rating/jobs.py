"""The simulation of a draft on the whole portfolio, in ranges of keys."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext_lazy

from clm.core import access, actors, files, jobs
from clm.core.models import Job, User
from clm.core.sayings import gettext as _
from clm.core.tables import write_rows
from customers.models import Customer
from kyc.models import RiskModel
from kyc.rating.back_test import Move, compare
from kyc.rating.selectors import BACK_TEST, portfolio, risk_model_in_force
from kyc.rating.subjects import subjects
from kyc.risk import LEVELS
from kyc.services.risk_models import keep_back_test

CHUNK = 2000
COLUMNS = (
    "customer_id", "name", "recorded_level", "level_now", "points_now", "level_then",
    "points_then", "factors_added", "factors_gone", "review_now", "review_then", "due_at_once",
)  # fmt: skip


@jobs.registry.register
class BackTest:
    """
    One step rates the next 2,000 customers under the model in force and under the draft.

    What is held between steps are counts alone; who moves goes to a file, part by part. The result
    is written on the draft, unless that has become another while the job ran.
    """

    name = BACK_TEST
    label = gettext_lazy("Back-test of a risk model")
    permission = "kyc.change_riskmodel"

    def may_fetch(self, *, job: Job, actor: User) -> bool:
        """Who may have the list of customers that move."""
        return actors.may(actor=actor, permission="kyc.change_riskmodel")

    def step(self, *, job: Job, at: datetime) -> bool:
        """One range of keys; the last writes the result on the draft."""
        draft = RiskModel.objects.get(pk=UUID(job.parameters["model_id"]))
        if draft.digest != job.parameters["digest"]:
            raise jobs.JobFailed(_("The draft was changed while it was tested; test it again."))
        now = risk_model_in_force()
        customers = portfolio()
        if job.total is None:
            job.total = customers.count()
            job.cursor = {"parts": [], "counts": {}, "against": str(now.pk)}
        elif job.cursor["against"] != str(now.pk):
            raise jobs.JobFailed(_("Another model came into force meanwhile; test it again."))
        if after := job.cursor.get("after"):
            customers = customers.filter(pk__gt=UUID(after))
        part = list(customers[:CHUNK])
        if part:
            self._compare(job, part, now, draft, at)
        if len(part) == CHUNK:
            return False
        self._finish(job, now, draft, at)
        return True

    def _compare(
        self, job: Job, part: Sequence[Customer], now: RiskModel, draft: RiskModel, at: datetime
    ) -> None:
        today = timezone.localdate(at)
        known = subjects(customers=part, on=today, factors=[now.factors, draft.factors])
        counts: Counter[str] = Counter(job.cursor["counts"])
        rows = []
        for one in part:
            move = compare(
                subject=known[one.pk], now=now, draft=draft, review=one.kyc_review_on, today=today
            )
            counts[f"{move.before}>{move.after}"] += 1
            if move.due:
                counts[f"due:{move.after}"] += 1
            if move.moves or move.due:
                rows.append((one, move))
        parts = job.cursor["parts"]
        if rows:
            heading = not parts
            parts = [*parts, files.store(content=_part(rows, heading=heading))]
            access.write(
                actor=job.created_by, kind="export", route=self.name,
                record_type="customers.Customer", record_ids=[str(one.pk) for one, _m in rows],
                reason=str(job.pk), at=at,
            )  # fmt: skip
        job.done += len(part)
        job.cursor = {
            **job.cursor, "counts": dict(counts), "parts": parts, "after": str(part[-1].pk),
        }  # fmt: skip

    def _finish(self, job: Job, now: RiskModel, draft: RiskModel, at: datetime) -> None:
        parts: list[str] = job.cursor["parts"]
        content: Any = (files.read(key=one) for one in parts) if parts else _part([], heading=True)
        job.result_file = files.store(content=content)
        job.result_name = f"risk-model-{draft.number}-moves.csv"
        result = summary(counts=job.cursor["counts"], now=now, draft=draft, customers=job.done)
        job.outcome = {name: result[name] for name in ("customers", "moved", "reviews", "hours")}
        kept = keep_back_test(
            model=draft,
            found={
                **result,
                "digest": job.parameters["digest"],
                "job_id": str(job.pk),
                "at": at.isoformat(),
            },
            actor=job.created_by,
            at=at,
        )
        if not kept:
            raise jobs.JobFailed(_("The draft was changed while it was tested; test it again."))


def summary(
    *, counts: dict[str, int], now: RiskModel, draft: RiskModel, customers: int
) -> dict[str, Any]:
    """
    What the counts of a back-test come to.

    `moves` by `"low>high"`; `levels` by level before and after; `reviews` that become due at once,
    and their `hours`; `yearly_hours` before and after: each level's customers spread evenly over
    its interval.
    """
    moves = {key: count for key, count in counts.items() if not key.startswith("due:")}
    due = {level: counts.get(f"due:{level}", 0) for level in LEVELS}
    levels = {
        level: [
            sum(count for key, count in moves.items() if key.split(">")[place] == level)
            for place in (0, 1)
        ]
        for level in LEVELS
    }
    return {
        "against": now.number,
        "customers": customers,
        "moves": moves,
        "moved": sum(count for key, count in moves.items() if len(set(key.split(">"))) == 2),
        "levels": levels,
        "reviews": sum(due.values()),
        "due": due,
        "hours": _round(sum(due[level] * draft.diligence[level]["hours"] for level in LEVELS)),
        "yearly_hours": [
            _round(
                sum(
                    levels[level][place]
                    * model.diligence[level]["hours"]
                    / model.diligence[level]["years"]
                    for level in LEVELS
                )
            )
            for place, model in enumerate((now, draft))
        ],
    }


def _round(hours: float) -> float:
    return round(hours, 1)


def _part(rows: Sequence[tuple[Customer, Move]], *, heading: bool) -> bytes:
    return write_rows(form="csv", columns=COLUMNS, rows=list(_lines(rows)), heading=heading)


def _lines(rows: Sequence[tuple[Customer, Move]]) -> Iterator[list[Any]]:
    for one, move in rows:
        yield [
            str(one.pk), str(one), one.risk_level, move.before, move.points[0], move.after,
            move.points[1], " ".join(move.added), " ".join(move.gone), one.kyc_review_on or "",
            move.review or "", "yes" if move.due else "no",
        ]  # fmt: skip
