"""Answers: what they may be, where they are kept, and what is still missing."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from clm.core import lifecycle
from clm.core.models import Event
from customers.models import ContactPoint, Identifier
from onboarding import blueprint, selectors, services, shape
from onboarding.lifecycle import ApplicationState as State
from onboarding.models import ApplicationTask, ApplicationTemplate
from tests.factories.customers import customer
from tests.factories.onboarding import ANSWERS, application


def task_of(made, key):
    return ApplicationTask.objects.get(application=made, key=key)


def test_answers_of_the_shared_record_are_kept_there_alone(ada, now):
    made = application(at=now, answered=False)
    task = services.answer_task(
        task=task_of(made, "person"), answers=ANSWERS["person"], actor=ada, at=now
    )
    assert task.answers == {}
    assert task.done_at == now
    made.customer.refresh_from_db()
    assert made.customer.display_name == "Mette Kragh"
    assert made.customer.nationalities == ["DK"]
    number = Identifier.objects.get(customer=made.customer)
    assert number.masked == "120384-••••"
    written = str([(e.payload, e.detail) for e in Event.objects.all()])
    assert "1203841235" not in written
    assert "120384-1235" not in written


def test_some_answers_are_kept_before_the_task_is_done(ada, now):
    made = application(at=now, answered=False)
    task = services.answer_task(
        task=task_of(made, "purpose"), answers={"purpose": "home"}, actor=ada, at=now
    )
    assert task.answers == {"purpose": "home"}
    assert task.done_at is None
    task = services.answer_task(
        task=task, answers={**ANSWERS["purpose"], "purpose": "savings"}, actor=ada, at=now
    )
    assert task.answers["purpose"] == "savings"
    assert task.done_at == now
    task = services.answer_task(task=task, answers={"purpose": ""}, actor=ada, at=now)
    assert task.done_at is None


@pytest.mark.parametrize(
    ("key", "answers", "question"),
    [
        ("person", {"born_on": "31-02-1984"}, "born_on"),
        ("person", {"born_on": "0001-01-01"}, "born_on"),
        ("person", {"cpr": "12"}, "cpr"),
        ("person", {"cpr": "999999-9999"}, "cpr"),
        ("person", {"nationalities": "Denmark"}, "nationalities"),
        ("person", {"family_name": "x" * 201}, "family_name"),
        ("person", {"family_name": "a\x00b"}, "family_name"),
        ("person", {"family_name": ["x"]}, "family_name"),
        ("person", {"state": "APPROVED"}, "state"),
        ("reach", {"email": "nobody"}, "email"),
        ("reach", {"phone": "12"}, "phone"),
        ("reach", {"residence_country": "DNK"}, "residence_country"),
        ("purpose", {"purpose": "laundering"}, "purpose"),
        ("terms", {"terms": "perhaps"}, "terms"),
    ],
)
def test_what_cannot_be_is_refused_under_its_question_and_nothing_is_kept(
    ada, now, key, answers, question
):
    made = application(at=now, answered=False)
    before = Event.objects.count()
    with pytest.raises(ValidationError) as error:
        services.answer_task(task=task_of(made, key), answers=answers, actor=ada, at=now)
    assert question in error.value.message_dict
    assert Event.objects.count() == before


def test_another_customer_s_number_is_refused(ada, now):
    customer(at=now, identifiers=[("cpr", "120384-1235")])
    made = application(at=now, answered=False)
    with pytest.raises(ValidationError) as error:
        services.answer_task(
            task=task_of(made, "person"), answers={"cpr": "1203841235"}, actor=ada, at=now
        )
    assert "cpr" in error.value.message_dict


def test_an_empty_number_leaves_the_one_that_is_known(ada, now):
    made = application(at=now)
    task = services.answer_task(
        task=task_of(made, "person"),
        answers={**ANSWERS["person"], "cpr": ""},
        actor=ada,
        at=now,
    )
    assert task.done_at is not None
    assert Identifier.objects.filter(customer=made.customer).count() == 1


def test_an_answered_address_takes_the_place_of_the_one_shown(ada, now):
    made = application(at=now, answered=False, emails=["old@example.dk"])
    services.answer_task(
        task=task_of(made, "reach"), answers={"email": "new@example.dk"}, actor=ada, at=now
    )
    current = ContactPoint.objects.filter(customer=made.customer, kind="email", valid_to=None)
    assert [one.value for one in current] == ["new@example.dk"]


@pytest.mark.parametrize("state", [State.SUBMITTED, State.IN_REVIEW, State.ACTIVATED])
def test_answers_stand_still_while_they_are_judged(ada, ola, now, state):
    made = application(state=state, at=now, officer=ola)
    with pytest.raises(lifecycle.TransitionRefused):
        services.answer_task(
            task=task_of(made, "purpose"), answers={"purpose": "home"}, actor=ada, at=now
        )


def test_who_saw_older_answers_is_refused(ada, now):
    made = application(at=now, answered=False)
    task = task_of(made, "purpose")
    services.answer_task(task=task, answers={"purpose": "home"}, actor=ada, at=now)
    with pytest.raises(lifecycle.StaleVersion):
        services.answer_task(
            task=task, answers={"purpose": "savings"}, actor=ada, at=now, version=task.version
        )


def test_what_is_missing_is_said_in_the_reader_s_words(now, db):
    made = application(at=now, answered=False)
    with translation.override("da"):
        words = selectors.missing(views=selectors.steps(application=made))
    assert any(one.startswith("Hvem du er: ") and "CPR-nummer" in one for one in words)
    with translation.override("en"):
        words = selectors.missing(views=selectors.steps(application=made))
    assert any(one.startswith("Who you are: ") for one in words)


def test_a_second_application_does_not_ask_again_what_is_known(now, db):
    first = application(at=now)
    second = application(at=now, customer=first.customer, answered=False)
    done = set(
        ApplicationTask.objects.filter(application=second)
        .exclude(done_at=None)
        .values_list("key", flat=True)
    )
    assert done == {"person", "reach", "tax"}


@pytest.mark.parametrize("kind", ["private_person", "limited_company"])
def test_the_shipped_templates_are_whole_and_bilingual(db, kind):
    template = ApplicationTemplate.objects.get(kind=kind, number=1)
    tasks = blueprint.tasks(template.data)
    assert len({one.key for one in tasks}) == len(tasks)
    for step in template.data["steps"]:
        for text in [step["title"], *(task["title"] for task in step["tasks"])]:
            assert set(text) == {"en", "da"}
    for task in tasks:
        assert task.kind == "check" or task.fields
        for question in task.fields:
            assert question.type in blueprint.TYPES
            if question.target.startswith("customer."):
                assert question.target.split(".")[1] in shape.CUSTOMER_TARGETS
