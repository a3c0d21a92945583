"""
Home loans as customers went through them: the log of another system, told as it came.

The planted story: in Odense the documents go by post and take weeks, and more people give up
there; a hundred days ago Odense began to take them online.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import journeys.services as journeys
from clm.core import actors
from clm.demobank.golive import Bank
from clm.demobank.history import SLOW_BRANCH
from customers.models import Customer
from journeys.models import Journey
from journeys.services import NewTouchpoint

NAME = "Home-loan onboarding"
SOURCE = "loan-system"
# Dice of its own: the rest of the story stays as it is.
SEED = 20240303
#: How long ago Odense began to take documents online.
ONLINE_DAYS_AGO = 100
FEWEST, MOST = 1_000, 1_200
#: Most homes are sold where the story is.
SHARES = {"aarhus": 0.26, SLOW_BRANCH: 0.40, "kobenhavn": 0.22, "aalborg": 0.12}

ASKED, MEETING, WANTED, RECEIVED, ASSESSED, OFFERED, SIGNED, PAID = (
    "Home loan asked for", "Advice meeting", "Documents asked for", "Documents received",
    "Credit assessed", "Offer made", "Offer signed", "Loan paid out",
)  # fmt: skip
DECLINED = "Loan declined"
#: A step, the median hours until it, by whom, and through which channel.
WAY = (
    (MEETING, 60, "adviser"), (WANTED, 20, "adviser"), (RECEIVED, 80, "customer"),
    (ASSESSED, 50, "credit"), (OFFERED, 20, "adviser"), (SIGNED, 55, "customer"),
    (PAID, 40, "credit"),
)  # fmt: skip


def plant(bank: Bank) -> Journey:
    """The journey with its cases, at most one for each private customer of a large bank."""
    rng = random.Random(SEED)
    system = actors.system_user()
    journey = journeys.journey_named(name=NAME, actor=system, at=bank.start)
    rows = [
        row
        for number, (customer, branch) in enumerate(_applicants(rng))
        for row in _case(rng, f"HL-{number + 1:05d}", customer, branch, _begin(rng, bank), bank.now)
    ]
    journeys.add_touchpoints(journey=journey, source=SOURCE, rows=rows)
    return journey


def _applicants(rng: random.Random) -> list[tuple[UUID, str]]:
    by_branch: dict[str, list[UUID]] = {branch: [] for branch in SHARES}
    people = Customer.objects.filter(kind="person", branch__isnull=False).order_by("pk")
    for key, branch in people.values_list("pk", "branch__code"):
        by_branch.setdefault(branch, []).append(key)
    count = min(max(sum(map(len, by_branch.values())), FEWEST), MOST)
    found = []
    for branch, share in SHARES.items():
        known = by_branch[branch]
        wanted = round(count * share) if known else 0
        chosen = rng.sample(known, k=min(wanted, len(known)))
        chosen += [rng.choice(known) for _one in range(wanted - len(chosen))]
        found += [(customer, branch) for customer in chosen]
    return found


def _begin(rng: random.Random, bank: Bank) -> datetime:
    """Some time of the two years, the later the more likely: the home campaign works."""
    share: float = rng.random() ** 0.6
    return bank.start + (bank.now - bank.start) * share


def _case(
    rng: random.Random, case: str, customer: UUID, branch: str, at: datetime, now: datetime
) -> Iterator[NewTouchpoint]:
    slow = branch == SLOW_BRANCH and at < now - timedelta(days=ONLINE_DAYS_AGO)
    give_up = {WANTED: 0.30 if slow else 0.09, OFFERED: 0.10}
    touch: dict[str, Any] = {"case_id": case, "customer_id": customer}

    def tell(place: int, activity: str, who: str) -> NewTouchpoint:
        return NewTouchpoint(
            external_id=f"{case}-{place}", activity=activity, at=at, position=place, actor=who,
            channel=_channel(rng, activity, slow), **touch,
        )  # fmt: skip

    yield tell(0, ASKED, "customer")
    done = ASKED
    for place, (step, hours, who) in enumerate(WAY, start=1):
        if rng.random() < give_up.get(done, 0.0):
            return
        if done == ASSESSED and rng.random() < 0.07:
            step, who = DECLINED, "credit"
        median = 380 if slow and step == RECEIVED else hours
        at += timedelta(hours=median * rng.lognormvariate(0, 0.45))
        if at >= now:
            return
        yield tell(place, step, who)
        if step == DECLINED:
            return
        done = step


def _channel(rng: random.Random, activity: str, slow: bool) -> str:
    if activity in {WANTED, RECEIVED}:
        return "post" if slow else rng.choice(["online", "online", "app"])
    if activity == MEETING:
        return rng.choice(["branch", "branch", "video"])
    if activity in {ASKED, SIGNED}:
        return rng.choice(["online", "app", "phone"])
    return ""


def activities() -> Sequence[str]:
    """Every step of the way, in order."""
    return (ASKED, *(step for step, _hours, _who in WAY))
