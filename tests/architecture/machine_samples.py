"""One record of each machine, fit to be looked at in any state."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from clm.core import actors, lifecycle, records
from clm.core.models import Job, User
from tests.factories import (
    acquisition,
    customers,
    engagement,
    kyc,
    offboarding,
    onboarding,
    retention,
)


def customer(at: datetime) -> Any:
    """With an end and a retention date, which a closed one must have."""
    made = customers.customer(at=at)
    return records.change(
        record=made,
        changes={"closed_on": at.date(), "retention_until": at.date() + timedelta(days=1826)},
        actor=actors.system_user(),
        at=at,
    )


def import_batch(at: datetime) -> Any:
    from customers.models import ImportBatch

    system = actors.system_user()
    job = Job.objects.create(kind="customers.import", created_by=system, created_at=at)
    batch = ImportBatch(job=job, system="test", review_on=date(2027, 1, 1))
    return records.create(record=batch, actor=system, at=at)


def lead_erasure(at: datetime) -> Any:
    from acquisition.models import LeadErasure

    made = LeadErasure(quiet_since=at.date(), years=2, law="GDPR", expected=1)
    return records.create(record=made, actor=actors.system_user(), at=at)


def offer(at: datetime) -> Any:
    from customers import services

    return services.make_offer(
        customer=customers.customer(at=at), kind="fee", text="No fee for a year",
        given_by=actors.system_user(), at=at,
    )  # fmt: skip


def case(at: datetime) -> Any:
    from kyc import services
    from kyc.models import Trigger

    return services.open_case(
        customer=customers.customer(at=at), trigger=Trigger.ONBOARDING,
        actor=actors.system_user(), at=at,
    )  # fmt: skip


def alert(at: datetime) -> Any:
    """With the case that a later state asks for."""
    from tests.factories import monitoring

    return monitoring.alert(customer=customers.customer(at=at), case=case(at), at=at)


def monitoring_rule(at: datetime) -> Any:
    """The only one of its kind."""
    from kyc.models import MonitoringRule

    rule = MonitoringRule(kind="test", number=1, note="why", parameters={"case_from": 70})
    return records.create(record=rule, actor=actors.system_user(), at=at)


def mapping_project(at: datetime) -> Any:
    from journeys import services

    owner = User.objects.create_user("leader")
    return services.open_project(
        values={"title": "Home loan", "owner": owner}, actor=actors.system_user(), at=at
    )


def model_version(at: datetime) -> Any:
    from analytics.models import ModelVersion

    version = ModelVersion(
        name="churn", number=1, algorithm="none", features=["x"], data_hash="x", metrics={"x": 1},
        card={"x": 1}, file="x", file_hash="x",
    )  # fmt: skip
    return records.create(record=version, actor=actors.system_user(), at=at)


def duplicate_pair(at: datetime) -> Any:
    from customers.models import DuplicatePair

    first, second = sorted((customers.customer(at=at) for _one in range(2)), key=lambda one: one.pk)
    pair = DuplicatePair(first=first, second=second, score=70, facts_digest=b"x")
    return records.create(record=pair, actor=actors.system_user(), at=at)


def survivorship_rules(at: datetime) -> Any:
    from customers import services
    from customers.single_view.survivorship import SHIPPED_POLICIES, SHIPPED_RANKS

    return services.draft_rules(
        policies=SHIPPED_POLICIES,
        ranks=SHIPPED_RANKS,
        note="why",
        actor=actors.system_user(),
        at=at,
    )


def consent_wording(at: datetime) -> Any:
    """The only one of its purpose, with the period that the later states ask for."""
    from customers import services
    from customers.models import ConsentWording

    system = actors.system_user()
    shipped = ConsentWording.objects.get(purpose="survey", state="IN_FORCE")
    lifecycle.perform(
        record=shipped, name="retire", actor=system, at=at, changes={"in_force_until": at}
    )
    made = services.draft_wording(
        purpose="survey", text_da="Ja tak", text_en="Yes please", note="why", actor=system, at=at
    )
    ConsentWording.objects.filter(pk=made.pk).update(in_force_from=at, in_force_until=at)
    return made


def article(at: datetime) -> Any:
    """The only one of its name."""
    from clm.core.assistant import services

    texts = {"title_da": "T", "title_en": "T", "body_da": "B", "body_en": "B"}
    return services.draft_article(
        name="of-its-own", texts=texts, note="why", actor=actors.system_user(), at=at
    )


def risk_model(at: datetime) -> Any:
    """The only one, with the period that the later states ask for."""
    from kyc.models import RiskModel

    system = actors.system_user()
    shipped = RiskModel.objects.get(state="IN_FORCE")
    lifecycle.perform(
        record=shipped, name="retire", actor=system, at=at, changes={"in_force_until": at}
    )
    made = kyc.risk_draft(at=at, like=shipped)
    RiskModel.objects.filter(pk=made.pk).update(in_force_from=at, in_force_until=at)
    return made


def application_template(at: datetime) -> Any:
    """The only one of its kind, with the day that the later states ask for."""
    from onboarding import selectors
    from onboarding.models import ApplicationTemplate

    made = onboarding.draft(kind="association", at=at)
    shipped = selectors.template_in_force(kind="association")
    lifecycle.perform(record=shipped, name="retire", actor=actors.system_user(), at=at)
    ApplicationTemplate.objects.filter(pk=made.pk).update(valid_from=at.date())
    made.refresh_from_db()
    return made


def suspicion_report(at: datetime) -> Any:
    """With what the later states ask for."""
    from clm.core.models import User
    from kyc.models import SuspicionReport

    writer, approver = (
        User.objects.create_user(name, language="en") for name in ("writer", "approver")
    )
    report = SuspicionReport(
        customer=customers.customer(at=at), kind="SAR", written_by=writer, proposed_by=writer,
        approved_by=approver, digest=b"x", receipt="1", filed_at=at,
    )  # fmt: skip
    return records.create(record=report, actor=actors.system_user(), at=at)


def account_consent(at: datetime) -> Any:
    """Known at the other bank, which being in force asks for."""
    from customers import services
    from customers.models import OtherBank

    system = actors.system_user()
    bank = OtherBank(code="sundbank", name="Sundbank", address="https://psd2.example.com")
    made = services.ask_account_consent(
        customer=customers.customer(at=at), bank=records.create(record=bank, actor=system, at=at),
        actor=system, at=at,
    )  # fmt: skip
    return records.change(record=made, changes={"external_id": "c-1"}, actor=system, at=at)


def document(at: datetime) -> Any:
    """With the facts of a file, and a last day that has come."""
    from customers import services
    from customers.models import Document

    made = services.request_document(
        customer=customers.customer(at=at), kind="income", actor=actors.system_user(), at=at
    )
    Document.objects.filter(pk=made.pk).update(
        file="00000000/0", digest=b"x", uploaded_at=at, expires_on=at.date()
    )
    return made


def policy_text(at: datetime) -> Any:
    from kyc.culture import services

    return services.draft_policy(
        code="aml", title_da="Politik", title_en="Policy", text_da="Tekst", text_en="Text",
        roles=["adviser"], due_on=at.date(), actor=actors.system_user(), at=at,
    )  # fmt: skip


SAMPLES: dict[str, Callable[[datetime], Any]] = {
    "acquisition.Lead": lambda at: acquisition.lead(at=at),
    "analytics.ModelVersion": model_version,
    "assistant.Article": article,
    "customers.AccountConsent": account_consent,
    "customers.ConsentWording": consent_wording,
    "customers.Customer": customer,
    "customers.Document": document,
    "customers.DuplicatePair": duplicate_pair,
    "customers.ImportBatch": import_batch,
    "acquisition.LeadErasure": lead_erasure,
    "customers.Offer": offer,
    "customers.SurvivorshipRules": survivorship_rules,
    "engagement.Enquiry": lambda at: engagement.enquiry(at=at),
    "engagement.NextBestAction": lambda at: engagement.next_best_action(at=at),
    "kyc.Alert": alert,
    "kyc.Case": case,
    "journeys.MappingProject": mapping_project,
    "kyc.MonitoringRule": monitoring_rule,
    "kyc.PolicyText": policy_text,
    "kyc.RiskModel": risk_model,
    "kyc.SuspicionReport": suspicion_report,
    "offboarding.Closure": lambda at: offboarding.closure(at=at),
    "onboarding.ApplicationTemplate": application_template,
    "onboarding.Application": lambda at: onboarding.application(at=at),
    "retention.SaveCase": lambda at: retention.save_case(at=at),
}
