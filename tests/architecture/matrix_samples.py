"""One record of each kind, in Aarhus, in the adviser's portfolio, for the permission matrix."""

from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from clm.core import actors, files, jobs, records, work
from clm.core.models import Event, Job, User


@jobs.registry.register
class MatrixJob:
    name = "tests.matrix"
    label = "Matrix"
    permission = ""

    def step(self, *, job: Job, at: datetime) -> bool:
        return True


Make = Callable[[User, datetime], Any]


def task(owner: User, at: datetime) -> Any:
    return work.add_task(title="T", record=None, assignee=owner, due_at=None, actor=owner, at=at)


def job(owner: User, at: datetime) -> Any:
    return Job.objects.create(
        kind=MatrixJob.name, created_by=owner, created_at=at,
        result_file=files.store(content=b"x"), result_name="x.csv",
    )  # fmt: skip


def customer(owner: User, at: datetime, **fields: Any) -> Any:
    from tests.factories import customers

    return customers.customer(branch=owner.branch, adviser=owner, at=at, **fields)


def campaign(owner: User, at: datetime) -> Any:
    from tests.factories import acquisition

    return acquisition.campaign(at=at)


def capture_form(owner: User, at: datetime) -> Any:
    from tests.factories import acquisition

    # Open today, whatever day the suite's clock shows.
    return acquisition.capture_form(at=at, code="interest")


def lead(owner: User, at: datetime) -> Any:
    from tests.factories import acquisition

    return acquisition.lead(branch=owner.branch, at=at)


def campaign_step(owner: User, at: datetime) -> Any:
    from acquisition import services

    return services.add_step(
        campaign=campaign(owner, at), after_days=1, channel="phone", title="Call",
        actor=actors.system_user(), at=at,
    )  # fmt: skip


def campaign_offer(owner: User, at: datetime) -> Any:
    from acquisition import services

    return services.add_incentive(
        campaign=campaign(owner, at), name_da="Gave", name_en="Gift", text_da="En gave",
        text_en="A gift", valid_from=at.date(), actor=actors.system_user(), at=at,
    )  # fmt: skip


def lead_step(owner: User, at: datetime) -> Any:
    from tests.factories import acquisition

    step = campaign_step(owner, at)
    made = acquisition.lead(branch=owner.branch, campaign=step.campaign, at=at)
    return made.steps.get()


def lead_erasure(owner: User, at: datetime) -> Any:
    """One that is done, with its certificate."""
    from acquisition.models import LeadErasure
    from clm.core import files, records

    system = actors.system_user()
    made = LeadErasure(
        quiet_since=at.date(), years=2, law="GDPR", expected=1,
        certificate=files.store(content=b"%PDF"),
    )  # fmt: skip
    return records.create(record=made, actor=system, at=at)


def application(owner: User, at: datetime) -> Any:
    from tests.factories import onboarding

    return onboarding.application(customer=customer(owner, at, stage="ONBOARDING"), at=at)


def refused_application(owner: User, at: datetime) -> Any:
    """One with the letter that said no."""
    from clm.core import records
    from onboarding.models import RefusalLetter

    system = actors.system_user()
    made = application(owner, at)
    letter = RefusalLetter(
        application=made, text_da="Nej", text_en="No", written_at=at, by=system,
        contest_until=at,
    )  # fmt: skip
    records.create(record=letter, actor=system, at=at)
    return made


def case(owner: User, at: datetime) -> Any:
    from kyc import services
    from kyc.models import Trigger

    return services.open_case(
        customer=customer(owner, at, stage="ONBOARDING"),
        trigger=Trigger.ONBOARDING,
        actor=actors.system_user(),
        at=at,
    )


def organisation_case(owner: User, at: datetime) -> Any:
    from kyc import services
    from kyc.models import Trigger

    company = customer(owner, at, kind="organisation", name="Havn ApS", stage="ONBOARDING")
    return services.open_case(
        customer=company, trigger=Trigger.REQUEST, actor=actors.system_user(), at=at
    )


def register_discrepancy(owner: User, at: datetime) -> Any:
    from kyc import services
    from kyc.registers import Extract

    company = customer(owner, at, kind="organisation", name="Havn ApS", stage="ONBOARDING")
    return services.note_register_extract(
        customer=company, extract=Extract("CVR", directors=["Ib Holm"]),
        actor=actors.system_user(), at=at,
    )[0]  # fmt: skip


def interaction(owner: User, at: datetime) -> Any:
    from tests.factories import engagement

    return engagement.interaction(customer=customer(owner, at), at=at)


def enquiry(owner: User, at: datetime) -> Any:
    from tests.factories import engagement

    return engagement.enquiry(customer=customer(owner, at, stage="ACTIVE"), kind="complaint", at=at)


def survey(owner: User, at: datetime) -> Any:
    from tests.factories import engagement

    return engagement.survey(at=at)


def next_best_action(owner: User, at: datetime) -> Any:
    from tests.factories import engagement

    return engagement.next_best_action(customer=customer(owner, at, stage="ACTIVE"), at=at)


def save_case(owner: User, at: datetime) -> Any:
    from tests.factories import retention

    return retention.save_case(customer=customer(owner, at, stage="ACTIVE"), at=at)


def closure(owner: User, at: datetime) -> Any:
    from tests.factories import offboarding

    return offboarding.closure(customer=customer(owner, at, stage="ACTIVE"), at=at)


def event(owner: User, at: datetime) -> Any:
    return Event.objects.filter(record_id=task(owner, at).pk).get()


def product(owner: User, at: datetime) -> Any:
    from tests.factories import customers

    return customers.product(at=at)


def holding(owner: User, at: datetime) -> Any:
    from tests.factories import customers

    return customers.holding(of=customer(owner, at, stage="ACTIVE"), at=at)


def offer(owner: User, at: datetime) -> Any:
    from customers import services

    return services.make_offer(
        customer=customer(owner, at), kind="fee", text="No fee for a year",
        given_by=actors.system_user(), at=at,
    )  # fmt: skip


def import_batch(owner: User, at: datetime) -> Any:
    from customers.models import ImportBatch

    system = actors.system_user()
    started = Job.objects.create(kind="customers.import", created_by=system, created_at=at)
    return records.create(
        record=ImportBatch(job=started, system="test", review_on=at.date()), actor=system, at=at
    )


def application_task(owner: User, at: datetime) -> Any:
    return application(owner, at).tasks.filter(kind="answers").first()


def customer_question(owner: User, at: datetime) -> Any:
    from onboarding import services

    link, _secret = services.make_link(
        application=application(owner, at), actor=actors.system_user(), at=at
    )
    return services.hand_over(link=link, text="Why?", actor=actors.system_user(), at=at)


def welcome_message(owner: User, at: datetime) -> Any:
    from onboarding.models import WelcomeMessage, WelcomePlan

    plan = WelcomePlan.objects.create(
        application=application(owner, at), begun_at=at, created_at=at, updated_at=at
    )
    return WelcomeMessage.objects.create(plan=plan, step="welcome", due_at=at)


def article(owner: User, at: datetime) -> Any:
    from clm.core.assistant import services
    from clm.core.assistant.models import Article

    like = Article.objects.get(name="contact")
    return services.draft_article(
        name="contact", texts={key: getattr(like, key) for key in services.TEXTS}, note="why",
        actor=actors.system_user(), at=at,
    )  # fmt: skip


def watchlist(owner: User, at: datetime) -> Any:
    from kyc.models import Watchlist

    return Watchlist.objects.create(
        name="Test list", format="names-csv", created_at=at, updated_at=at
    )


def watchlist_version(owner: User, at: datetime) -> Any:
    from kyc.models import WatchlistVersion

    return WatchlistVersion.objects.create(
        watchlist=watchlist(owner, at), number=1, standing="held", loaded_at=at, digest="x",
        file=files.store(content=b"entry_id,name,kind,born,country\n1,Igor Volkov,person,,\n"),
        created_at=at, updated_at=at,
    )  # fmt: skip


def hit(owner: User, at: datetime) -> Any:
    from kyc.models import Hit, WatchlistEntry

    version = watchlist_version(owner, at)
    entry = WatchlistEntry.objects.create(
        watchlist=version.watchlist, key="1", kind="person", digest="x",
        added_in=version, changed_in=version,
    )  # fmt: skip
    found = case(owner, at)
    return Hit.objects.create(
        case=found, customer=found.customer, watchlist=version.watchlist, entry=entry,
        name="Igor Volkov", score="0.9100", threshold="0.8500", explanation={}, model="1",
        facts_digest="x", created_at=at, updated_at=at,
    )  # fmt: skip


def alert(owner: User, at: datetime) -> Any:
    from tests.factories import monitoring

    return monitoring.alert(customer=customer(owner, at, stage="ACTIVE"), at=at)


def monitoring_rule(owner: User, at: datetime) -> Any:
    from kyc import services

    return services.draft_rule(
        kind="velocity", parameters={"count": 10}, note="why", actor=actors.system_user(), at=at
    )


def journey(owner: User, at: datetime) -> Any:
    from journeys import services

    return services.journey_named(name="Home loan", actor=actors.system_user(), at=at)


def touchpoint(owner: User, at: datetime) -> Any:
    from journeys import services
    from journeys.models import Touchpoint

    of = journey(owner, at)
    row = services.NewTouchpoint(
        external_id="1", case_id="1", activity="Applied", at=at, position=0,
        customer_id=customer(owner, at).pk,
    )  # fmt: skip
    services.add_touchpoints(journey=of, source="test", rows=[row])
    return Touchpoint.objects.get(journey=of)


def journey_map(owner: User, at: datetime) -> Any:
    from tests.factories import maps

    return maps.drawn(by=actors.system_user(), at=at)


def map_card(owner: User, at: datetime) -> Any:
    from tests.factories import maps

    by = actors.system_user()
    return maps.card(on=maps.drawn(by=by, at=at), by=by, at=at)


def persona(owner: User, at: datetime) -> Any:
    from tests.factories import maps

    return maps.persona(by=actors.system_user(), at=at)


def mapping_project(owner: User, at: datetime) -> Any:
    from journeys import services

    return services.open_project(
        values={"title": "Home loan", "owner": owner}, actor=actors.system_user(), at=at
    )


def insight(owner: User, at: datetime) -> Any:
    return _project_part("insights", {"text": "They wait"}, owner, at)


def planned_action(owner: User, at: datetime) -> Any:
    return _project_part("actions", {"title": "Read payslips by itself"}, owner, at)


def _project_part(kind: str, values: dict[str, Any], owner: User, at: datetime) -> Any:
    from journeys import services

    return services.add_part(
        project=mapping_project(owner, at), kind=kind, values=values, actor=actors.system_user(),
        at=at,
    )  # fmt: skip


def bank_value(owner: User, at: datetime) -> Any:
    from journeys.models import BankValue

    value = BankValue(name="Near", score=4)
    return records.create(record=value, actor=actors.system_user(), at=at)


def model_version(owner: User, at: datetime) -> Any:
    from analytics.models import ModelVersion

    version = ModelVersion(
        name="churn", number=1, algorithm="none", features=["x"], data_hash="x",
        metrics={
            "roc_auc": 0.8, "average_precision": 0.4, "brier": 0.1, "calibration_error": 0.01,
            "positive_rate": 0.1, "rows": 1000,
        }, card={"importance": [{"name": "x", "weight": 1.0}]}, file="x", file_hash="x",
    )  # fmt: skip
    return records.create(record=version, actor=actors.system_user(), at=at)


def duplicate_pair(owner: User, at: datetime) -> Any:
    from customers.models import DuplicatePair

    twin = {"given_names": "Ole", "family_name": "Møller", "born_on": at.date()}
    customer(owner, at, phones=["29110418"], **twin)
    other = customer(owner, at, phones=["29110418"], **twin)
    # A record is compared with all others when it is made.
    return DuplicatePair.objects.filter(second=other).first()


def merge(owner: User, at: datetime) -> Any:
    from customers import services

    return services.merge_customers(
        survivor=customer(owner, at), absorbed=customer(owner, at), actor=actors.system_user(),
        at=at, reason="one person",
    )  # fmt: skip


def survivorship_rules(owner: User, at: datetime) -> Any:
    from customers import services
    from customers.single_view.survivorship import SHIPPED_POLICIES, SHIPPED_RANKS

    return services.draft_rules(
        policies=SHIPPED_POLICIES, ranks=SHIPPED_RANKS, note="why", actor=actors.system_user(), at=at
    )  # fmt: skip


def consent_wording(owner: User, at: datetime) -> Any:
    from customers import services

    return services.draft_wording(
        purpose="marketing", text_da="Ja tak", text_en="Yes please", note="why",
        actor=actors.system_user(), at=at,
    )  # fmt: skip


def risk_model(owner: User, at: datetime) -> Any:
    """A draft with the result of a back-test, whose file is there."""
    from clm.core import jobs
    from kyc import services
    from tests.factories import kyc

    draft = kyc.risk_draft(at=at)
    system = actors.system_user()
    jobs.run(job=services.start_back_test(model=draft, actor=system, at=at), at=at)
    draft.refresh_from_db()
    return draft


def application_template(owner: User, at: datetime) -> Any:
    from tests.factories import onboarding

    return onboarding.draft(kind="association", at=at)


def suspicion_report(owner: User, at: datetime) -> Any:
    from kyc.models import SuspicionReport

    report = SuspicionReport(customer=customer(owner, at), kind="SAR", written_by=owner)
    return records.create(record=report, actor=actors.system_user(), at=at)


def ledger_figure(owner: User, at: datetime) -> Any:
    from analytics.models import LedgerFigure

    figure = LedgerFigure(month=at.date().replace(day=1), item="equity", amount=1)
    return records.create(record=figure, actor=actors.system_user(), at=at)


def churn_score(owner: User, at: datetime) -> Any:
    from analytics.models import ChurnScore

    return ChurnScore.objects.create(
        customer=customer(owner, at, stage="ACTIVE"), scored_on=at.date(), probability=0.4,
        band="medium", base=0.1, model_version=model_version(owner, at),
        created_at=at, updated_at=at,
    )  # fmt: skip


def approval(owner: User, at: datetime) -> Any:
    """Asked by nobody of those who try: the erasure of a customer whose retention has ended."""
    from customers import services

    gone = records.change(
        record=customer(owner, at, stage="WITHDRAWN"),
        changes={"retention_until": at.date() - timedelta(days=1)},
        actor=actors.system_user(),
        at=at,
    )
    return services.ask_erasure(
        customer=gone, actor=actors.system_user(), at=at, reason="retention is over"
    )


def transaction(owner: User, at: datetime) -> Any:
    from customers import services
    from customers.models import Transaction
    from customers.transactions.rows import NewTransaction

    of = holding(owner, at)
    row = NewTransaction(
        place=0, external_id="1", account=of.reference, booked_on=at.date(), amount=Decimal(-5),
        currency="DKK",
    )  # fmt: skip
    services.receive_batch(rows=[row], source="test", refused=0, actor=actors.system_user(), at=at)
    return Transaction.objects.get()


def parked_transaction(owner: User, at: datetime) -> Any:
    from customers import services
    from customers.models import ParkedTransaction
    from customers.transactions.rows import NewTransaction

    row = NewTransaction(
        place=0, external_id="1", account="nobody", booked_on=at.date(), amount=Decimal(-5),
        currency="DKK",
    )  # fmt: skip
    services.receive_batch(rows=[row], source="test", refused=0, actor=actors.system_user(), at=at)
    return ParkedTransaction.objects.get()


def other_bank(owner: User, at: datetime) -> Any:
    from customers.models import OtherBank

    bank = OtherBank(code="sundbank", name="Sundbank", address="https://psd2.example.com")
    return records.create(record=bank, actor=actors.system_user(), at=at)


def account_consent(owner: User, at: datetime) -> Any:
    from customers import services

    return services.ask_account_consent(
        customer=customer(owner, at, stage="ACTIVE"), bank=other_bank(owner, at),
        actor=actors.system_user(), at=at,
    )  # fmt: skip


def other_account(owner: User, at: datetime) -> Any:
    from customers.models import OtherAccount

    consent = account_consent(owner, at)
    account = OtherAccount(
        customer=consent.customer, bank=consent.bank, consent=consent, resource_id="1",
        masked="DK••••1234", index=b"x", currency="DKK",
    )  # fmt: skip
    return records.create(record=account, actor=actors.system_user(), at=at)


def document(owner: User, at: datetime) -> Any:
    from customers import services
    from tests import papers

    return services.upload_document(
        customer=customer(owner, at), kind="income", file=papers.picture(),
        actor=actors.system_user(), at=at,
    )  # fmt: skip


SAMPLES: dict[str, Make] = {
    one.__name__.replace("_", " "): one
    for one in (
        task, job, customer, event, campaign, capture_form, lead, campaign_step,
        campaign_offer, lead_step, lead_erasure, application, refused_application, case,
        organisation_case, register_discrepancy, interaction, enquiry, survey, next_best_action, save_case,
        closure, product, holding, offer, import_batch, application_task, customer_question,
        welcome_message, article,
        watchlist,
        watchlist_version, hit, journey, touchpoint, model_version, ledger_figure, churn_score, approval,
        duplicate_pair, merge, survivorship_rules, transaction, parked_transaction, other_bank,
        account_consent, other_account, consent_wording, alert, monitoring_rule, risk_model, document,
        application_template,
        suspicion_report, journey_map, map_card, persona, mapping_project, insight, planned_action, bank_value,
    )
}  # fmt: skip
