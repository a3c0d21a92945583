"""Two records with random rows in every app, and the whole database as it stands."""

import random
from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import connection, models

from clm.core import actors, lifecycle, work
from clm.core.ids import uuid7
from clm.core.models import Job, Record
from customers import services
from customers.models import (
    AccountConsent,
    Customer,
    CustomerInsight,
    OtherAccount,
    OtherBank,
    Relation,
    RobinsonList,
    RobinsonMark,
    SignIn,
    SourceRecord,
    Transaction,
    TransactionBatch,
)
from customers.single_view.payloads import pack
from tests.factories import (
    acquisition,
    engagement,
    monitoring,
    offboarding,
    onboarding,
    retention,
)
from tests.factories import customers as make

OURS = {
    "customers", "kyc", "acquisition", "onboarding", "engagement", "retention", "offboarding",
    "journeys", "analytics", "core",
}  # fmt: skip
#: What tells of the merge itself and of who did what; it grows and is never taken back.
TELLING = {
    "core.Event", "core.EventDetail", "core.ChainHead", "core.Delivery", "core.AccessLog",
    "core.Approval", "core.Seal", "core.SealLeaf", "customers.CustomerMerge", "customers.MergeRow",
    "customers.SourceSystem", "journeys.TouchedCase",
}  # fmt: skip
#: These rise with every write and never fall: an old entity tag must not fit again.
RISING = {"version", "updated_at"}

Rows = dict[str, dict[Any, dict[str, Any]]]


def picture(*, without: set[str] = frozenset()) -> Rows:  # type: ignore[assignment]
    """Every column of every row of every table but those that tell of what was done."""
    tables = set(connection.introspection.table_names())
    found: Rows = {}
    for model in apps.get_models():
        label = model._meta.label
        if model._meta.app_label not in OURS or label in TELLING | without:
            continue
        if label.endswith("History") or model._meta.db_table not in tables:
            continue
        rows: dict[Any, dict[str, Any]] = {}
        for row in model._base_manager.all():
            values = {one.attname: _plain(one.value_from_object(row)) for one in
                      model._meta.concrete_fields}  # fmt: skip
            if issubclass(model, Record):
                values = {name: value for name, value in values.items() if name not in RISING}
            key: Any = row.pk
            if label == "customers.MatchKey":
                # Made anew from the same facts: the same keys under other row numbers.
                values.pop("id")
                key = (row.customer_id, row.kind, row.key)  # type: ignore[attr-defined]
            rows[key] = values
        found[label] = rows
    return found


def differences(before: Rows, after: Rows) -> list[str]:
    """Each row that is gone, new or other than it was."""
    told = []
    for label in sorted({*before, *after}):
        old, new = before.get(label, {}), after.get(label, {})
        told += [f"{label} {key}: gone" for key in old.keys() - new.keys()]
        told += [f"{label} {key}: new" for key in new.keys() - old.keys()]
        for key in old.keys() & new.keys():
            told += [
                f"{label} {key} {name}: {old[key][name]!r} -> {new[key].get(name)!r}"
                for name in old[key]
                if old[key][name] != new[key].get(name)
            ]
    return told


def one_record(rng: random.Random, *, at: datetime, name: str, stage: str = "ACTIVE") -> Customer:
    """A record with random contents, from a random source."""
    return make.customer(
        stage=stage,
        at=at,
        given_names=rng.choice(["Mette", "Mette Kirstine", "METTE"]),
        family_name=name,
        born_on=rng.choice([date(1984, 3, 12), date(1984, 12, 3), None]),
        birth_place=rng.choice(["", "Aarhus", "Århus"]),
        nationalities=rng.choice([["DK"], ["DK", "SE"], []]),
        residence_country=rng.choice(["DK", ""]),
        occupation=rng.choice(["", "Teacher", "Head teacher"]),
        language=rng.choice(["da", "en"]),
        emails=rng.sample(["m@example.dk", "mette@example.dk", "ms@example.dk"], rng.randint(0, 3)),
        phones=rng.sample(["29110418", "29110419"], rng.randint(0, 2)),
        addresses=[
            {"kind": kind, "line1": rng.choice(["Vestergade 31", "Søgade 2"]),
             "postal_code": rng.choice(["8000", "5000"]), "city": "Aarhus", "country": "DK"}
            for kind in rng.sample(["home", "postal"], rng.randint(0, 2))
        ],
        identifiers=[("passport", f"P{uuid7().hex[-9:]}", "DK")],
        source=rng.choice(["core", "crm", "branch"]),
        customer_since=rng.choice([None, date(2019, 5, 1), date(2021, 2, 3)]),
    )  # fmt: skip


def _times(least: int, most: int) -> Callable[[random.Random], int]:
    return lambda rng: rng.randint(least, most)


def fill(rng: random.Random, customer: Customer, other: Customer, *, at: datetime) -> None:
    """Random rows about the customer in every app that refers to customers."""
    for label, maker in MAKERS.items():
        least = 1 if label not in MAY_LACK else 0
        for _count in range(rng.randint(least, 2 if label not in ONCE else 1)):
            maker(rng, customer, other, at)


def _source(rng: random.Random, customer: Customer, _other: Customer, at: datetime) -> None:
    values = {
        "occupation": rng.choice(["Nurse", "Teacher"]),
        "birth_place": rng.choice(["Odense", "Aarhus"]),
        "address": {"kind": "home", "line1": "Søgade 2", "line2": "", "postal_code": "5000",
                    "city": "Odense", "country": "DK"},
    }  # fmt: skip
    SourceRecord.objects.create(
        customer=customer, system=rng.choice(["core", "crm"]), external_id=uuid7().hex,
        digest=rng.randbytes(32), ciphertext=pack(values=values, at=at - timedelta(days=9)),
        seen_at=at,
    )  # fmt: skip


def _holding(rng: random.Random, customer: Customer, _other: Customer, at: datetime) -> None:
    make.holding(of=customer, at=at, balance=Decimal(rng.randint(-90, 900)))


def _offer(rng: random.Random, customer: Customer, _other: Customer, at: datetime) -> None:
    services.make_offer(
        customer=customer, kind="fee", text=rng.choice(["No fee", "Half fee"]),
        given_by=actors.system_user(), at=at,
    )  # fmt: skip


def _consent(rng: random.Random, customer: Customer, _other: Customer, at: datetime) -> None:
    services.record_consent(
        customer=customer, purpose="marketing", channel=rng.choice(["email", "sms"]),
        decision=rng.choice(["given", "withdrawn"]), source="test", wording_version="marketing-1",
        actor=actors.system_user(), at=at,
    )  # fmt: skip


def _mark(rng: random.Random, customer: Customer, _other: Customer, at: datetime) -> None:
    made = Job.objects.create(kind="customers.robinson", parameters={},
                              created_by=actors.system_user(), created_at=at)  # fmt: skip
    listing = RobinsonList.objects.create(
        job=made, listed_on=at.date(), file_name="list.csv", begun_at=at
    )
    RobinsonMark.objects.create(list=listing, customer=customer)


def _document(rng: random.Random, customer: Customer, _other: Customer, at: datetime) -> None:
    services.request_document(
        customer=customer, kind=rng.choice(["passport", "income"]), note=f"{rng.random()}",
        actor=actors.system_user(), at=at,
    )  # fmt: skip


def _sign_in(rng: random.Random, customer: Customer, other: Customer, at: datetime) -> None:
    SignIn.objects.create(
        customer=customer, at=at, outcome=rng.choice(SignIn.Outcome.values),
        assurance=rng.choice(SignIn.Assurance.values), provider="https://eid.example",
        transaction_id=f"{rng.random()}",
    )  # fmt: skip


def _relation(rng: random.Random, customer: Customer, other: Customer, at: datetime) -> None:
    third = make.customer(at=at)
    for one, two in ((customer, third), (third, customer), (customer, other)):
        Relation.objects.get_or_create(
            kind=rng.choice(["spouse", "household"]), customer=one, other=two,
            valid_to=None, defaults={"valid_from": at.date(), "recorded_at": at},
        )  # fmt: skip


def _insight(rng: random.Random, customer: Customer, _other: Customer, at: datetime) -> None:
    CustomerInsight.objects.update_or_create(
        customer=customer, defaults={"churn_probability": rng.random(), "updated_at": at}
    )


def _score(rng: random.Random, customer: Customer, _other: Customer, at: datetime) -> None:
    from analytics.models import ChurnScore, ModelVersion

    version = ModelVersion.objects.first() or ModelVersion.objects.create(
        name="churn", number=1, algorithm="none", features=["x"], data_hash="x", metrics={"x": 1},
        card={"x": 1}, file="x", file_hash="x", created_at=at, updated_at=at,
    )  # fmt: skip
    for days in rng.sample(range(3), 2):
        ChurnScore.objects.get_or_create(
            customer=customer, scored_on=at.date() - timedelta(days=days),
            defaults={"probability": rng.random(), "band": "low", "base": 0.1,
                      "model_version": version, "created_at": at, "updated_at": at},
        )  # fmt: skip


def _lead(rng: random.Random, customer: Customer, _other: Customer, at: datetime) -> None:
    made = acquisition.lead(at=at)
    type(made).objects.filter(pk=made.pk).update(customer=customer)


def _case(rng: random.Random, customer: Customer, _other: Customer, at: datetime) -> None:
    from kyc.models import (
        Check,
        Hit,
        RiskAssessment,
        RiskModel,
        Trigger,
        Watchlist,
        WatchlistEntry,
        WatchlistVersion,
    )
    from kyc.services import open_case

    system = actors.system_user()
    case = open_case(customer=customer, trigger=Trigger.ONBOARDING, actor=system, at=at)
    stamps = {"created_at": at, "updated_at": at}
    watchlist, _new = Watchlist.objects.get_or_create(
        name="L", defaults={"format": "names-csv", **stamps}
    )
    version, _new = WatchlistVersion.objects.get_or_create(
        watchlist=watchlist, number=1,
        defaults={"standing": "held", "loaded_at": at, "digest": "x", "file": "x", **stamps},
    )  # fmt: skip
    entry, _new = WatchlistEntry.objects.get_or_create(
        watchlist=watchlist, key=str(rng.randint(1, 3)),
        defaults={"kind": "person", "digest": "x", "added_in": version, "changed_in": version},
    )  # fmt: skip
    Hit.objects.create(
        case=case, customer=customer, watchlist=watchlist, entry=entry, name="X", score="0.9100",
        threshold="0.8500", explanation={}, model="1", facts_digest=uuid7().hex,
        status="false_match", decided_by=system, decided_at=at, **stamps,
    )  # fmt: skip
    Check.objects.get_or_create(
        case=case, kind="sanctions", round=7,
        defaults={"customer": customer, "result": "clear", "at": at},
    )  # fmt: skip
    RiskAssessment.objects.get_or_create(
        case=case, round=7,
        defaults=_needed(RiskAssessment, customer=customer, case=case,
                         model=RiskModel.objects.first(), round=7, at=at),
    )  # fmt: skip


def _touchpoint(rng: random.Random, customer: Customer, _other: Customer, at: datetime) -> None:
    import journeys.services as journeys

    journey = journeys.journey_named(name="Home loan", actor=actors.system_user(), at=at)
    row = journeys.NewTouchpoint(
        external_id=uuid7().hex, case_id="1", activity="Applied", at=at, position=0,
        customer_id=customer.pk,
    )  # fmt: skip
    journeys.add_touchpoints(journey=journey, source="test", rows=[row])


def _task(rng: random.Random, customer: Customer, _other: Customer, at: datetime) -> None:
    work.add_task(
        title="Call", record=customer, assignee=None, due_at=at, actor=actors.system_user(), at=at
    )


def _proposal(rng, customer, other, at):
    # One that is open at a time; what was merged may have brought one.
    if not customer.next_best_actions.filter(state__in=["PROPOSED", "DEFERRED"]).exists():
        engagement.next_best_action(customer=customer, score=Decimal(rng.randint(1, 900)), at=at)


def _closure(rng: random.Random, customer: Customer, _other: Customer, at: datetime) -> None:
    offboarding.closure(customer=customer, state="CANCELLED", at=at)
    stands = Customer.objects.get(pk=customer.pk)
    if stands.stage == "OFFBOARDING":
        # What the reaction to a cancellation does.
        lifecycle.perform(
            record=stands, name="cancel_offboarding", actor=actors.system_user(), at=at
        )


def _elsewhere(rng: random.Random, customer: Customer, _other: Customer, at: datetime) -> None:
    stamps = {"created_at": at, "updated_at": at}
    bank = OtherBank.objects.first() or OtherBank.objects.create(
        **_needed(OtherBank, at=at), **stamps
    )
    consent = AccountConsent.objects.create(
        **_needed(AccountConsent, customer=customer, bank=bank, asked_by=actors.system_user(),
                  at=at), **stamps,
    )  # fmt: skip
    OtherAccount.objects.create(
        **_needed(OtherAccount, customer=customer, bank=bank, consent=consent, at=at), **stamps
    )


def _transaction(rng: random.Random, customer: Customer, _other: Customer, at: datetime) -> None:
    batch = TransactionBatch.objects.first() or TransactionBatch.objects.create(
        route="api", source="test", created_at=at, updated_at=at
    )
    Transaction.objects.create(
        id=uuid7(), booked_on=at.date(), customer=customer, holding=customer.holdings.first(),
        amount=Decimal("12.50"), currency="DKK", kind="transfer", source="test",
        external_id=uuid7().hex, batch=batch,
    )  # fmt: skip


def _needed(of: type[models.Model], /, *, at: datetime, **given: Any) -> dict[str, Any]:
    """The given values, and a plain one for whatever else the model asks for."""
    for one in of._meta.concrete_fields:
        if one.name in given or one.null or one.has_default() or one.primary_key or one.blank:
            continue
        if one.name in {"created_at", "updated_at", "version"}:
            continue
        if isinstance(one, models.DateTimeField):
            given[one.name] = at
        elif isinstance(one, models.DateField):
            given[one.name] = at.date()
        elif isinstance(one, models.JSONField):
            given[one.name] = {}
        elif isinstance(one, ArrayField):
            given[one.name] = [choice for choice, _label in one.base_field.flatchoices][:1]
        elif one.flatchoices:
            given[one.name] = one.flatchoices[0][0]
        elif isinstance(one, (models.IntegerField, models.FloatField, models.DecimalField)):
            given[one.name] = 1
        elif isinstance(one, models.BinaryField):
            given[one.name] = uuid7().bytes
        elif isinstance(one, (models.CharField, models.TextField)):
            given[one.name] = uuid7().hex[-min(12, one.max_length or 12) :].upper()
    return given


def _plain(value: Any) -> Any:
    return bytes(value) if isinstance(value, memoryview) else value


def _alert(rng: random.Random, customer: Customer, _other: Customer, at: datetime) -> None:
    monitoring.alert(customer=customer, at=at, score=rng.randint(1, 69))


def _example(rng: random.Random, customer: Customer, _other: Customer, at: datetime) -> None:
    from kyc.models import MonitoringRule, ReplayExample, RuleReplay

    day = at.date()
    replay = RuleReplay.objects.first() or RuleReplay.objects.create(
        rule=MonitoringRule.objects.get(kind="velocity", state="IN_FORCE"),
        asked_by=actors.system_user(), asked_at=at, since=day, until=day,
    )  # fmt: skip
    ReplayExample.objects.create(
        replay=replay, customer=customer, score=rng.randint(1, 99), first_on=day, last_on=day,
        is_new=True,
    )  # fmt: skip


def _gap(customer: Customer, at: datetime) -> None:
    from kyc.models import FileGap

    FileGap.objects.get_or_create(customer=customer, code="owners", defaults={"found_at": at})


def _discrepancy(rng: random.Random, customer: Customer, _other: Customer, at: datetime) -> None:
    from kyc.models import RegisterDiscrepancy

    RegisterDiscrepancy.objects.get_or_create(
        customer=customer, register="CVR", kind="address", theirs=str(rng.randint(1, 3)),
        outcome="", defaults={"found_at": at, "due_on": at.date(), "created_at": at,
                              "updated_at": at},
    )  # fmt: skip


def _report(rng: random.Random, customer: Customer, _other: Customer, at: datetime) -> None:
    from kyc.models import SuspicionReport

    SuspicionReport.objects.create(
        customer=customer, kind=rng.choice(["SAR", "STR"]), reason="Cash", written_by=actors.system_user(),
        created_at=at, updated_at=at,
    )  # fmt: skip


def _monitored(rng: random.Random, customer: Customer, _other: Customer, at: datetime) -> None:
    from kyc.models import MonitoringDue

    MonitoringDue.objects.get_or_create(customer=customer, defaults={"since": at.date()})


#: How a row of each registered model comes about; a model without an entry fails the test.
MAKERS: dict[str, Callable[[random.Random, Customer, Customer, datetime], Any]] = {
    "customers.SourceRecord": _source,
    "customers.Holding": _holding,
    "customers.Offer": _offer,
    "customers.ConsentEntry": _consent,
    "customers.RobinsonMark": _mark,
    "customers.SignIn": _sign_in,
    "customers.Document": _document,
    "customers.Relation": _relation,
    "customers.CustomerInsight": _insight,
    "customers.AccountConsent": _elsewhere,
    "customers.Transaction": _transaction,
    "analytics.ChurnScore": _score,
    "acquisition.Lead": _lead,
    "onboarding.Application": lambda rng, customer, other, at: onboarding.application(
        customer=customer, at=at
    ),
    "engagement.Interaction": lambda rng, customer, other, at: engagement.interaction(
        customer=customer, at=at
    ),
    "engagement.Enquiry": lambda rng, customer, other, at: engagement.enquiry(
        customer=customer, state=rng.choice(["NEW", "ANSWERED"]), text=f"{rng.random()}", at=at
    ),
    "engagement.Feedback": lambda rng, customer, other, at: engagement.feedback(
        customer=customer, score=rng.randint(0, 10), at=at
    ),
    "engagement.NextBestAction": _proposal,
    "retention.SaveCase": lambda rng, customer, other, at: retention.save_case(
        customer=customer, at=at
    ),
    "offboarding.Closure": _closure,
    "kyc.Case": _case,
    "kyc.Alert": _alert,
    "kyc.FileGap": lambda rng, customer, other, at: _gap(customer, at),
    "kyc.MonitoringDue": _monitored,
    "kyc.RegisterDiscrepancy": _discrepancy,
    "kyc.ReplayExample": _example,
    "kyc.SuspicionReport": _report,
    "journeys.Touchpoint": _touchpoint,
    "core.Task": _task,
}
#: Made by the record itself or by another maker.
MADE_ALONG = {
    "customers.ContactPoint", "customers.Address", "customers.Identifier", "customers.OtherAccount",
    "kyc.Hit", "kyc.Check", "kyc.RiskAssessment", "customers.Customer", "customers.MatchKey",
    "customers.DuplicatePair", "customers.CustomerMerge", "engagement.SurveyInvitation",
}  # fmt: skip
#: An open one at both records refuses the merge; each has its test.
MAY_LACK = {"retention.SaveCase", "offboarding.Closure"}
ONCE = {
    "engagement.NextBestAction",
    "retention.SaveCase",
    "customers.CustomerInsight",
    "onboarding.Application",
}
