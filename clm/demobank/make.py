"""Makes the whole demo bank, once; a second call finds it and changes nothing."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import transaction

import analytics.services as analytics
import journeys.services as journeys
import kyc.services as kyc
from analytics.churn.table import UnfitTable
from clm.core import actors, audit, jobs, partitions
from clm.core.models import User
from clm.demobank import campaigns as campaigns_
from clm.demobank import (
    culture,
    doubles,
    engaged,
    golive,
    history,
    ledger,
    mapping,
    money,
    ownership,
    staff,
    suspicions,
)
from customers.models import Customer

DEMO_LIST = Path(settings.BASE_DIR) / "kyc" / "data" / "demo_list"
LIST_NAME = "Demo list (invented names)"
SEED = 20240301
MONTHS = 24


def make(*, customers: int, now: datetime, say: Callable[[str], None]) -> bool:
    """
    Make a bank of about `customers` customers whose history ends now.

    :param say: told what is being done, a sentence at a time
    :returns: False when there was a bank already
    """
    if Customer.objects.exists():
        return False
    start = now - timedelta(days=round(30.44 * MONTHS))
    # In a transaction of its own: one that makes tables slows each of its savepoints.
    partitions.ensure(since=start, until=now)
    # All or nothing: a start that is killed half-way finds an empty bank the next time.
    with transaction.atomic():
        _make(customers, start, now, say)
    say("Training the churn model …")
    _learn(now)
    with transaction.atomic():
        ledger.plant(now=now)
    audit.seal(at=now)
    return True


def _learn(now: datetime) -> None:
    """The churn model: Dan proposes it, Maria approves it, tonight's scoring begins at once."""
    # Features read contacts from the touchpoints that the history became.
    journeys.project(at=now)
    with transaction.atomic():
        try:
            version = analytics.train_on_history(actor=User.objects.get(username="dan"), at=now)
        except UnfitTable:
            # A small bank has lost too few customers to learn from.
            return
        analytics.approve_model(
            version=version, actor=User.objects.get(username="maria"), at=now, reason="First model"
        )
    for job in analytics.start_scoring(actor=actors.system_user(), at=now):
        jobs.run(job=job, at=now)


def _make(customers: int, start: datetime, now: datetime, say: Callable[[str], None]) -> None:
    users = staff.make_staff()
    bank = golive.Bank(
        rng=random.Random(SEED),
        users=users,
        products=staff.make_catalogue(at=start),
        start=start,
        now=now,
    )
    campaigns = campaigns_.make_campaigns(at=start)
    kyc.load_list(format="ofac-csv", path=DEMO_LIST, name=LIST_NAME, actor=users["karen"], at=start)
    new = max(8, min(40, customers // 20))
    say(f"Admitting {customers - new} customers …")
    known = golive.admit_customers(bank, count=customers - new)
    say(f"Winning {new} new ones …")
    history.win_customers(bank, count=new, campaigns=campaigns)
    leaving = bank.rng.sample(known, k=min(len(known) // 12, 150))
    say("Talking with them …")
    gone = history.departures(bank, leaving)
    history.talk(bank, known, gone)
    say(f"Losing {len(leaving)} …")
    history.leave(bank, leaving, gone)
    history.work_in_progress(bank)
    campaigns_.crowd(bank, campaigns)
    doubles.plant(bank, known)
    ownership.record_owners(bank)
    money.make_money(rng=bank.rng, now=now, say=say)
    suspicions.plant(now=now)
    say("Looking at the transactions …")
    suspicions.look(now=now)
    campaigns_.take_loans(bank, campaigns)
    culture.plant(now=now)
    say("Mapping a journey …")
    mapping.plant(bank)
    say("Asking what they think …")
    engaged.plant(now=now)
