"""What customers ask, complain of and think; and what could be offered to them next."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from clm.core import actors, clocks, jobs, records
from clm.core.models import User
from customers.lifecycle import Stage
from customers.models import Customer
from engagement import selectors, services
from engagement.models import Feedback, Measure, NextBestAction, Sending, Survey, SurveyInvitation

# Dice of its own: the rest of the story stays as it is.
SEED = 20240303
ANSWERS = 360

#: What the story hides: the fee of the spring, and the wait on the telephone.
FEES = (
    "Gebyret på mit kort er steget igen, det er for dyrt.",
    "Hvorfor skal jeg betale gebyr for et kort, jeg næsten ikke bruger?",
    "For mange gebyrer. Gebyret på kortet burde falde.",
    "Kortgebyret er højere end i andre banker.",
    "Jeg overvejer at skifte på grund af det nye gebyr på kortet.",
)
WAITS = (
    "Lang ventetid på telefonen, jeg ventede en halv time.",
    "Man venter alt for længe i telefonen.",
    "Ventetiden på telefonen er urimelig om mandagen.",
    "Ingen tager telefonen, og ventetiden er lang.",
    "The waiting time on the phone is far too long.",
)
THANKS = (
    "Min rådgiver er dygtig og ringer altid tilbage.",
    "God rådgivning, da vi købte bolig.",
    "Venlig betjening i filialen.",
    "My adviser is kind and knows what she is doing.",
    "",
)
ENQUIRIES = (
    ("question", "Rente på opsparing", "Hvad får jeg i rente, hvis jeg binder pengene et år?", ""),
    ("question", "Nyt kort", "Mit kort udløber. Kommer der et nyt af sig selv?", "answer"),
    ("question", "Udlandsbetaling", "Hvad koster det at sende penge til Sverige?", "ask"),
    ("question", "Fuldmagt til min mor", "Hvordan giver jeg min mor fuldmagt?", "take"),
    ("question", "Lån til bil", "Kan I give et tilbud på et billån?", ""),
    ("complaint", "Gebyr trukket to gange", "I har trukket kortgebyret to gange.", "fee"),
    ("complaint", "Ventede 40 minutter", "Jeg ventede 40 minutter i telefonen.", "waiting"),
    ("complaint", "Forkert oplysning om lån", "Jeg fik at vide, at det var gratis.", "take"),
    ("complaint", "Nyt gebyr uden varsel", "Gebyret kom, uden at nogen sagde det.", ""),
)


def plant(*, now: datetime) -> None:
    """Enquiries in every state, a year of answers with two themes, and tonight's proposals."""
    rng = random.Random(SEED)
    people = {one.username: one for one in User.objects.filter(is_robot=False)}
    known = list(
        Customer.objects.filter(stage=Stage.ACTIVE).select_related("adviser").order_by("pk")
    )
    if not known:
        return
    _ask(rng, known, people, now)
    _think(rng, known, now)
    jobs.run(job=services.start_themes(actor=actors.system_user(), at=now), at=now)
    _propose(rng, people, now)


def _ask(
    rng: random.Random, known: Sequence[Customer], people: dict[str, User], now: datetime
) -> None:
    """Some of Ada's customers first, so that her queue has something in it."""
    hers = [one for one in known if one.adviser == people["ada"]] or list(known)
    chosen = rng.sample(hers, k=min(len(ENQUIRIES), len(hers)))
    for number, (customer, (kind, subject, text, then)) in enumerate(
        zip(chosen, ENQUIRIES, strict=False)
    ):
        at = clocks.add_business_hours(start=now - timedelta(days=4), hours=3 * number)
        at = min(at, now - timedelta(hours=2))
        given: dict[str, Any] = {"actor": actors.system_user(), "at": at}
        made = services.open_enquiry(
            customer=customer, kind=kind, subject=subject, text=text,
            channel=rng.choice(["app", "phone", "email"]),
            priority="high" if number % 4 == 0 else "normal", **given,
        )  # fmt: skip
        if not then:
            continue
        who = people["karen" if kind == "complaint" else "ada"]
        given = {"actor": who, "at": at + timedelta(minutes=40)}
        made = services.assign_enquiry(enquiry=made, assignee=who, **given)
        given["at"] = min(at + timedelta(hours=1), now)
        if then == "ask":
            services.ask_customer(enquiry=made, text="Hvor stort er beløbet?", **given)
        elif then != "take":
            services.answer_enquiry(
                enquiry=made, text="Tak for din henvendelse. Vi har set på det og rettet det.",
                root_cause="" if then == "answer" else then, **given,
            )  # fmt: skip


def _think(rng: random.Random, known: Sequence[Customer], now: datetime) -> None:
    """A year of answers: recommendation falls with the fee of the spring, and rises again."""
    system, began = actors.system_user(), now - timedelta(days=365)
    asked = [
        services.add_survey(
            name=name, measure=measure, question_da=danish, question_en=english,
            actor=system, at=began,
        )
        for name, measure, danish, english in (
            ("Anbefaling", Measure.NPS, "Hvor sandsynligt er det, at du vil anbefale os til andre?",
             "How likely are you to recommend us to others?"),
            ("Efter rådgivning", Measure.CSAT, "Hvor tilfreds var du med samtalen?",
             "How satisfied were you with the conversation?"),
        )
    ]  # fmt: skip
    for survey in asked:
        _answers(rng, survey, known, now)


def _answers(rng: random.Random, survey: Survey, known: Sequence[Customer], now: datetime) -> None:
    chosen = rng.sample(list(known), k=min(ANSWERS, len(known)))
    invitations, answers = [], []
    for customer in chosen:
        at = now - timedelta(days=rng.uniform(2, 360))
        invitation = SurveyInvitation(
            survey=survey, customer=customer, made_at=at - timedelta(days=1), due_at=at,
            expires_at=at + timedelta(days=13), channel="email", sending=Sending.SENT,
            answered_at=at,
        )  # fmt: skip
        score, text = _opinion(rng, survey, (now - at).days)
        invitations.append(invitation)
        answers.append(
            Feedback(
                origin="survey", survey=survey, invitation=invitation, customer=customer,
                measure=survey.measure, score=score, text=text, said_at=at,
            )
        )  # fmt: skip
    SurveyInvitation.objects.bulk_create(invitations, batch_size=1000)
    records.create_many(
        records=answers, actor=actors.system_user(), at=now, validate=False, follow=False
    )


def _opinion(rng: random.Random, survey: Survey, days_ago: int) -> tuple[int, str]:
    """A score and its why; worse between ten and six months ago, when the fee was new."""
    unhappy = rng.random() < (0.42 if 180 < days_ago < 300 else 0.2)
    if unhappy:
        text = rng.choice(FEES if rng.random() < 0.55 else WAITS)
        return (rng.randint(2, 6) if survey.measure == Measure.NPS else rng.randint(1, 2)), text
    if survey.measure == Measure.NPS:
        return rng.choice([7, 8, 8, 9, 9, 10, 10]), rng.choice(THANKS)
    return rng.choice([3, 4, 4, 5, 5]), rng.choice(THANKS)


def _propose(rng: random.Random, people: dict[str, User], now: datetime) -> None:
    """Last month's proposals, some answered, and tonight's."""
    before = now - timedelta(days=20)
    last = services.propose_actions(after=None, limit=200, at=before)
    found = selectors.visible_actions(actor=actors.system_user()).filter(state="PROPOSED")
    answered: list[NextBestAction] = list(found.order_by("pk")[:40])
    for number, action in enumerate(answered[:16]):
        given: dict[str, Any] = {"action": action, "actor": people["rikke"], "at": before}
        if number % 4 == 0:
            services.defer_action(until=(now + timedelta(days=20)).date(), **given)
        else:
            services.reject_action(
                refusal=rng.choice(["elsewhere", "no_need", "price", "wrong_time"]), **given
            )
    for action in answered[16:22]:
        services.accept_action(action=action, actor=people["rikke"], at=before)
    while last is not None:
        last = services.propose_actions(after=last, limit=500, at=now)
