"""
A whole mapping project of home-loan onboarding, worked through on the clock of the story.

Nina leads it: briefing, interviews, a workshop on a shared map, moments of truth with what is
measured there, and a plan of which one action is done long enough ago to be measured.
"""

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import journeys.services as journeys
from clm.core import lifecycle
from clm.core.models import Branch, User
from clm.demobank import homeloans as story
from clm.demobank.golive import Bank
from clm.demobank.history import SLOW_BRANCH
from journeys.models import (
    BankValue,
    Journey,
    JourneyMap,
    MapLane,
    MappingProject,
    MapStep,
    Persona,
    SharedSolution,
)
from journeys.services import maps

# A step, its phase, what it is bound to, how the two personas feel, and its cards by lane.
STEPS: list[tuple[str, str, list[str], tuple[float, float], dict[str, list[str]]]] = [
    ("Dreams of a home", "Before", [], (1.5, 0.5), {
        "action": ["Looks at homes and does sums at night"],
        "digital": ["Calculator on the website"],
        "thoughts": ["Can we afford it at all?"],
    }),
    ("Asks for a loan", "Apply", [story.ASKED], (1.0, 0.5), {
        "action": ["Fills in the enquiry in ten minutes"],
        "digital": ["Online form, app"],
        "emotional": ["Wants to be taken seriously from the first minute"],
    }),
    ("Meets the adviser", "Apply", [story.MEETING], (1.5, 1.0), {
        "physical": ["Meeting at the branch"],
        "front": ["Adviser explains the steps and the fees"],
        "practical": ["A meeting after working hours"],
    }),
    ("Finds the documents", "Documents", [story.WANTED, story.RECEIVED], (-1.5, -1.8), {
        "action": ["Searches payslips, tax statement, budget, deed"],
        "physical": ["Letter with a list of twelve papers"],
        "digital": ["Upload, not offered everywhere"],
        "pain": ["Sends the same payslip three times", "Nobody says whether it has arrived"],
        "back": ["Papers are scanned and typed in by hand"],
    }),
    ("Waits for the credit decision", "Decision", [story.ASSESSED], (-0.5, -0.5), {
        "thoughts": ["Is the home gone meanwhile?"],
        "support": ["Credit department, twice a week"],
    }),
    ("Gets and signs the offer", "Decision", [story.OFFERED, story.SIGNED], (1.0, 0.5), {
        "digital": ["Signs with MitID"],
        "front": ["Adviser calls before the letter comes"],
    }),
    ("Gets the keys", "After", [story.PAID], (2.0, 1.5), {
        "action": ["Pays the seller, moves in"],
        "idea": ["A call on the first evening in the new home"],
    }),
]  # fmt: skip
VALUES = [
    ("Near", "Every customer has an adviser with a name and a direct number", ["Meeting", "Phone"], 5),
    ("Straight answers", "A yes or no within five days is promised in writing", ["Offer", "Letters"], 2),
    ("Part of the town", "Four branches, local boards", ["Branch"], 4),
]  # fmt: skip
SOLUTIONS = [
    ("Shared document hub", "The banks’ data centre", "Payslips and tax data fetched with consent"),
    ("MitID signing", "The banks’ joint company", "One signature for all papers of a loan"),
]
NOTES: list[tuple[str, int, str, str, list[str]]] = [
    ("interview", 181, "A couple, first home, Odense. Papers by post, then three silent weeks.",
     "We thought you had lost us.", ["documents", "silence"]),
    ("interview", 180, "First home, Aarhus. Uploaded in one evening.",
     "I did it on the sofa.", ["documents", "online"]),
    ("interview", 178, "Moving with two children, Odense. Gave up, and took the loan elsewhere.",
     "The other bank had it all after two days.", ["documents", "waiting", "other bank"]),
    ("adviser", 176, "Half of the calls in the week after the meeting ask whether papers have come.",
     "I call to say that I know nothing.", ["silence", "waiting"]),
    ("focus-group", 174, "Eight customers: nobody knows which papers are needed for whom.",
     "Twelve papers, and four were for somebody else.", ["documents", "list"]),
]  # fmt: skip
OPPORTUNITIES = [
    ("Take the documents online everywhere", 5, 2),
    ("Ask only for the papers that this customer needs", 4, 2),
    ("Fetch payslips and tax data with consent", 5, 4),
    ("Say at once that a paper has arrived", 3, 1),
    ("Credit decisions every day", 3, 4),
]


def plant(bank: Bank) -> None:
    """The journey, the maps, and the project with all five modules."""
    journey = story.plant(bank)
    nina, then = bank.users["nina"], bank.now - timedelta(days=190)
    personas = _personas(nina, then)
    values, solutions = _known(nina, then)
    project = journeys.open_project(
        values={
            "title": "Home-loan onboarding", "depth": "data", "journey": journey,
            "goal": "A yes or no within ten days, and half as many who give up on the way.",
            "scope": "From the first enquiry until the loan is paid out; private customers."
            " Remortgaging is left out.",
            "customer_value": Decimal(14_500), "customer_years": Decimal(9),
        },
        personas=personas, team=[bank.users[name] for name in ("ada", "bo", "dan")],
        actor=nina, at=then,
    )  # fmt: skip
    _brief(project, nina, then)
    project = _step(project, "start_research", nina, then + timedelta(days=4))
    _research(project, personas, bank)
    project = _step(project, "open_workshop", nina, bank.now - timedelta(days=170))
    project = _workshop(project, journey, personas, values, solutions, nina, bank.now)
    project = _step(project, "analyse", nina, bank.now - timedelta(days=158))
    _analyse(project, nina, bank.now - timedelta(days=150))
    project = _step(project, "present", nina, bank.now - timedelta(days=140))
    _plan(project, bank)


def _step(project: MappingProject, name: str, nina: User, at: datetime) -> MappingProject:
    return lifecycle.perform(record=project, name=name, actor=nina, at=at)


def _add(project: MappingProject, kind: str, nina: User, at: datetime, /, **values: Any) -> Any:
    return journeys.add_part(project=project, kind=kind, values=values, actor=nina, at=at)


def _personas(nina: User, at: datetime) -> list[Persona]:
    told = [
        {
            "name": "Line and Emil", "life_phase": "First home",
            "description": "Late twenties, both in work, never had a loan.",
            "goals": "Keys before the baby comes.",
            "reassures": "Somebody who says what happens next, and when.",
            "worries": "To do it wrong; that the home is sold to somebody else.",
            "creates_value": "To know after a week where they stand.",
        },
        {
            "name": "Birgitte", "life_phase": "Moving on, with children",
            "description": "Forty-five, two children, sells one home and buys another.",
            "goals": "No month with two homes.",
            "reassures": "The same adviser all the way.",
            "worries": "Papers that are asked for twice.",
            "creates_value": "That the bank knows already what it has been told.",
        },
    ]  # fmt: skip
    return [maps.save_persona(values=one, actor=nina, at=at) for one in told]


def _known(nina: User, at: datetime) -> tuple[list[Any], list[Any]]:
    values = [
        BankValue(name=name, evidence=evidence, touchpoints=places, score=score)
        for name, evidence, places, score in VALUES
    ]
    solutions = [
        SharedSolution(name=name, provider=provider, solves=solves)
        for name, provider, solves in SOLUTIONS
    ]
    made = [journeys.add_known(record=one, actor=nina, at=at) for one in [*values, *solutions]]
    return made[: len(values)], made[len(values) :]


def _brief(project: MappingProject, nina: User, at: datetime) -> None:
    for kind, text in (
        ("goal", "Half as many give up after the documents are asked for"),
        ("moment", "The weeks after the first meeting, when papers are collected"),
        ("data", "The loan system’s log of two years, by branch and channel"),
        ("data", "What the branches say: Odense sends letters, the others ask for uploads"),
    ):
        _add(project, "points", nina, at, kind=kind, text=text)


def _research(project: MappingProject, personas: list[Persona], bank: Bank) -> None:
    nina = bank.users["nina"]
    for number, (kind, days, text, quotation, themes) in enumerate(NOTES):
        at = bank.now - timedelta(days=days)
        _add(
            project, "notes", nina, at, kind=kind, held_on=at.date(), text=text,
            quotation=quotation, themes=themes, persona=personas[number % 2],
        )  # fmt: skip
    at = bank.now - timedelta(days=172)
    _add(
        project, "notes", nina, at, kind="survey", held_on=at.date(),
        question="What annoyed you most on the way to your home loan?",
        answers={"Finding the papers": 61, "Not hearing anything": 44, "The fees": 23,
                 "The meeting": 6}, themes=["documents", "silence"],
    )  # fmt: skip


def _workshop(
    project: MappingProject, journey: Journey, personas: list[Persona], values: list[Any],
    solutions: list[Any], nina: User, now: datetime,
) -> MappingProject:  # fmt: skip
    at = now - timedelta(days=168)
    drawn = maps.draw_map(
        name="Home loan today", journey=journey, personas=personas, actor=nina, at=at,
        description="Drawn at the workshop in Odense.",
        steps=[f"{phase}: {title}" for title, phase, *_rest in STEPS],
    )  # fmt: skip
    steps = list(MapStep.objects.filter(map=drawn).order_by("order"))
    lanes: dict[str, Any] = {one.kind: one for one in MapLane.objects.filter(map=drawn)}
    for step, (_title, _phase, bound, felt, cards) in zip(steps, STEPS, strict=True):
        if bound:
            maps.change_step(on=drawn, step=step.pk, activities=bound, actor=nina, at=at)
        for persona, value in zip(personas, felt, strict=True):
            maps.feel(on=drawn, step=step.pk, persona=persona.pk, value=value, actor=nina, at=at)
        for kind, texts in cards.items():
            if kind not in lanes:
                lanes[kind] = maps.add_lane(on=drawn, kind=kind, actor=nina, at=at).record
            for text in texts:
                maps.add_card(
                    on=drawn, lane=lanes[kind].pk, step=step.pk, text=text, actor=nina, at=at
                )
    for record, place in ((values[0], 2), (values[1], 4), (solutions[0], 3), (solutions[1], 5)):
        journeys.place_on_map(record=record, step=steps[place], actor=nina, at=at)
    future = maps.draw_to_be(of=drawn, name="Home loan tomorrow", actor=nina, at=at)
    _tomorrow(future, solutions[0], nina, at)
    maps.share(on=drawn, shared=True, actor=nina, at=at)
    return journeys.change_project(
        project=project, changes={"as_is": drawn, "to_be": future}, actor=nina, at=at
    )


def _tomorrow(future: JourneyMap, hub: Any, nina: User, at: datetime) -> None:
    """What is to be different at the step that hurts most."""
    step = MapStep.objects.get(map=future, title="Finds the documents")
    digital = MapLane.objects.get(map=future, kind=MapLane.Kind.DIGITAL)
    maps.add_card(
        on=future, lane=digital.pk, step=step.pk, text="One list, made for this customer",
        actor=nina, at=at,
    )  # fmt: skip
    for persona in future.personas.all():
        maps.feel(on=future, step=step.pk, persona=persona.pk, value=0.8, actor=nina, at=at)


def _analyse(project: MappingProject, nina: User, at: datetime) -> None:
    steps = {one.title: one for one in MapStep.objects.filter(map=project.as_is)}
    documents = _add(
        project, "moments", nina, at, step=steps["Finds the documents"],
        why="Here most of those who leave give up, and both personas feel worst.",
        evidence="Interviews and survey: papers and silence. The log: Odense waits for weeks.",
    )  # fmt: skip
    credit = _add(
        project, "moments", nina, at, step=steps["Waits for the credit decision"],
        why="The home may be sold to somebody else meanwhile.", evidence="Focus group.",
    )  # fmt: skip
    for text, recommendation in (
        ("It is not the number of papers that drives people away, but not knowing.",
         "Say at once what has arrived and what is missing."),
        ("Where papers are uploaded they come in days; by post in weeks.",
         "Take them online in every branch, and keep the letter for whoever wants one."),
    ):  # fmt: skip
        _add(project, "insights", nina, at, text=text, recommendation=recommendation)
    for title, worth, effort in OPPORTUNITIES:
        moment = credit if "Credit" in title else documents
        _add(
            project, "opportunities", nina, at, title=title, worth=worth, effort=effort,
            moment=moment,
        )  # fmt: skip


def _plan(project: MappingProject, bank: Bank) -> None:
    """One action done and measured, one done too lately to tell, two to come."""
    nina, at = bank.users["nina"], bank.now - timedelta(days=135)
    today = bank.now.date()
    chosen = {one.title: one for one in project.opportunities.all()}
    odense = str(Branch.objects.get(code=SLOW_BRANCH).pk)
    measured = {
        "metric": "wait", "activity": story.WANTED, "group_by": "branch", "group": odense,
    }  # fmt: skip
    plans: list[tuple[str, int, str, int, int | None, dict[str, Any]]] = [
        ("Odense takes documents online", 0, "bo", -100, story.ONLINE_DAYS_AGO,
         {**measured, "expected": Decimal(-8)}),
        ("A message for every paper that arrives", 3, "dan", -15, 12,
         {"metric": "given-up", "group_by": "channel", "group": "online",
          "expected": Decimal(-3)}),
        ("One list of papers for each customer", 1, "ada", 30, None, {}),
        ("Talk with the data centre about payslips by consent", 2, "nina", 75, None, {}),
    ]  # fmt: skip
    for title, number, owner, due, done, how in plans:
        action = _add(
            project, "actions", nina, at, title=title, owner=bank.users[owner],
            opportunity=chosen[OPPORTUNITIES[number][0]], due_on=today + timedelta(days=due), **how,
        )  # fmt: skip
        if done is not None:
            day = bank.now - timedelta(days=done)
            journeys.change_part(
                part=action, kind="actions", values={"done_on": day.date()}, actor=nina, at=day
            )
