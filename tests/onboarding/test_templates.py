"""Templates: drafted, tried, put in force by two; what they ask of whom; YAML out and in."""

import copy
from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import Error, connection, transaction
from django.test import Client
from django.urls import reverse

from clm.core import approvals, jobs, lifecycle
from clm.core.lifecycle import TransitionRefused
from clm.core.models import User
from onboarding import blueprint, compare, conditions, exchange, selectors, services, shape
from onboarding.kinds import TemplateKind
from onboarding.models import Application, ApplicationTask, ApplicationTemplate
from tests.factories import customers
from tests.factories import onboarding as make

pytestmark = pytest.mark.django_db


def in_force(kind: str = "private_person") -> ApplicationTemplate:
    return selectors.template_in_force(kind=kind)


def open_tasks(application: Application) -> set[str]:
    return set(
        ApplicationTask.objects.filter(
            application=application, applies=True, required=True, done_at=None
        ).values_list("key", flat=True)
    )


def answer(application: Application, key: str, at: datetime, actor: User, **answers: Any) -> None:
    task = ApplicationTask.objects.get(application=application, key=key)
    services.answer_task(task=task, answers=answers, actor=actor, at=at)


@pytest.mark.parametrize("kind", TemplateKind.values)
def test_a_shipped_template_is_whole_and_comes_back_from_its_file_as_it_was(kind: str) -> None:
    template = in_force(kind)
    assert shape.faults(template.data) == []
    text = exchange.to_yaml(kind=kind, name=template.name, content=template.data)
    assert exchange.from_yaml(text) == (kind, template.name, template.data)
    levels = {
        level
        for row in template.data["requirements"]
        for level in conditions.LEVELS
        if row[level] == "required"
    }
    assert levels == set(conditions.LEVELS) or kind == "limited_company"


HEAD = "kind: start_up\nname: {en: A, da: B}\n"
CONTENT = """content:
  decide_within_hours: 16
  straight_through: false
  steps:
    - key: one
      title: {en: One, da: Et}
      tasks:
        - key: first
          kind: answers
          title: {en: First, da: Første}
          fields:
            - {key: name, label: {en: Name, da: Navn}, type: text}
"""


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        (HEAD + CONTENT.replace("type: text", "type: mood"), 14, "fields[0].type"),
        (HEAD + CONTENT.replace("kind: answers", "kind: prayer"), 11, "tasks[0].kind"),
        (HEAD + CONTENT.replace("da: Første", "de: Erste"), 12, "title.d"),
        (HEAD + CONTENT.replace("hours: 16", "hours: soon"), 4, "decide_within_hours"),
        (HEAD + CONTENT + "  requirements:\n    - {task: first, low: no}\n", 16, "medium"),
        (HEAD + CONTENT + "  steps: []\n", 15, "stands twice"),
        (HEAD + CONTENT.replace("type: text", "type: cpr"), 14, "record alone"),
        (HEAD.replace("start_up", "bank") + CONTENT, 1, "private_person"),
        ("kind: [start_up\n", 2, "no YAML"),
        ("a: &x [1]\nb: *x\n", 2, "References"),
        ("!!python/object:os.system x", 1, "no YAML"),
        ("- 1\n", 1, "mapping of kind"),
        ("[" * 3000, 1, "no YAML"),
    ],
)
def test_a_bad_file_is_answered_with_what_and_where(text: str, line: int, said: str) -> None:
    with pytest.raises(exchange.BadYaml) as refused:
        exchange.from_yaml(text)
    assert any(found == line and said in words for found, words in refused.value.faults), (
        refused.value.faults
    )


def test_a_good_file_is_read_though_it_says_no_and_yes_and_dates() -> None:
    kind, _name, content = exchange.from_yaml(
        HEAD + CONTENT.replace("type: text", "type: yes").replace("en: Name", "en: 2026-01-01")
    )
    assert kind == "start_up"
    field = content["steps"][0]["tasks"][0]["fields"][0]
    assert (field["type"], field["label"]["en"]) == ("yes", "2026-01-01")


def test_a_draft_goes_live_by_trial_and_by_two(
    ola: User, karen: User, ada: User, now: datetime, client_for: Any
) -> None:
    past = make.application(state="ACTIVATED", at=now)
    Application.objects.filter(pk=past.pk).update(
        submitted_at=now, decided_at=now, straight_through=True
    )
    before = in_force()
    data = copy.deepcopy(before.data)
    data["straight_through"] = False
    next(row for row in data["requirements"] if row["task"] == "identity")["low"] = "required"
    with pytest.raises(PermissionDenied):
        services.draft_template(
            kind=before.kind, name=before.name, data=data, note="why", actor=ada, at=now
        )
    draft = services.draft_template(
        kind=before.kind, name=before.name, data=data, note="why", actor=ola, at=now
    )
    assert draft.number == before.number + 1
    with pytest.raises(TransitionRefused, match="tried"):
        lifecycle.perform(record=draft, name="propose", actor=ola, at=now)
    job = jobs.run(job=services.start_trial(template=draft, days=90, actor=ola, at=now), at=now)
    assert job.state == "DONE", job.message
    draft.refresh_from_db()
    assert draft.simulation["applications"] == 1
    assert draft.simulation["outcomes"] == {"more": 1, "stopped": 1}
    assert draft.simulation["parts"] == {"identity:must": 1}
    assert draft.simulation["examples"]["more"] == [[str(past.pk), ["identity:must"]]]
    # Another content is another trial.
    changed = services.change_template(
        template=draft, changes={"note": "why not"}, actor=ola, at=now
    )
    assert changed.simulation["digest"] == changed.digest
    draft = lifecycle.perform(record=changed, name="propose", actor=ola, at=now)
    with pytest.raises(TransitionRefused):
        services.change_template(template=draft, changes={"note": "x"}, actor=ola, at=now)
    with pytest.raises(PermissionDenied):
        lifecycle.perform(record=draft, name="approve", actor=ola, at=now)
    # Whoever decides reads what becomes different, not the data it is kept as.
    asked = client_for(karen).get(reverse("web:approval", args=[approvals.waiting().get().pk]))
    assert {one.where for one in asked.context["changes"]} == {
        one.where for one in compare.changes(before.data, data)
    }
    assert "requirements" not in asked.content.decode()
    draft = lifecycle.perform(record=draft, name="approve", actor=karen, at=now)
    before.refresh_from_db()
    assert (before.state, draft.state) == ("RETIRED", "IN_FORCE")
    assert before.valid_to == draft.valid_from
    assert in_force() == draft
    made = make.application(at=now)
    assert made.template == draft
    assert open_tasks(made) == {"identity"}
    with pytest.raises(Error), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "UPDATE onboarding_applicationtemplate SET data = '{}' WHERE id = %s", [draft.pk]
        )


def test_what_cannot_be_is_refused_with_its_place(ola: User, now: datetime) -> None:
    data = copy.deepcopy(in_force().data)
    data["steps"][0]["tasks"][0]["reopens"] = ["nothing"]
    with pytest.raises(ValidationError, match=r"steps\[0\].tasks\[0\].reopens\[0\]"):
        services.draft_template(
            kind="private_person", name={"en": "A", "da": "B"}, data=data, note="why",
            actor=ola, at=now,
        )  # fmt: skip


def test_what_is_asked_follows_the_answers_and_keeps_them(ada: User, now: datetime) -> None:
    made = make.application(at=now)
    assert open_tasks(made) == set()
    answer(made, "tax", now, ada, tax_countries="DK, SE")
    # The other country asks for a number, and what was declared is to be confirmed again.
    assert open_tasks(made) == {"tax", "terms"}
    answer(made, "tax", now, ada, tax_number="840312-1234")
    assert open_tasks(made) == {"terms"}
    terms = ApplicationTask.objects.get(application=made, key="terms")
    assert terms.answers == make.ANSWERS["terms"]
    answer(made, "tax", now, ada, tax_countries="DK")
    task = ApplicationTask.objects.get(application=made, key="tax")
    assert task.answers == {"tax_number": "840312-1234"}
    (shown,) = (
        one
        for step in selectors.steps(application=Application.objects.get(pk=made.pk))
        for one in step.tasks
        if one.record.key == "tax"
    )
    assert [one.question.key for one in shown.answers] == ["tax_countries"]


def test_a_higher_risk_demands_more(own_reactions: None, deliver_all: Any, now: datetime) -> None:
    made = make.application(state="VERIFYING", at=now)
    assert made.template.data["straight_through"]
    make.announce_clearance(made.customer, level="high", at=now)
    deliver_all()
    made.refresh_from_db()
    assert made.state == "IN_REVIEW"
    assert open_tasks(made) == {"identity", "purpose"}


def test_the_fitting_template_is_chosen(ada: User, now: datetime) -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        ({"born_on": date(2012, 1, 1)}, "young_person"),
        ({"born_on": date(1990, 1, 1)}, "private_person"),
        ({"kind": "organisation", "legal_form": "Forening"}, "association"),
        ({"kind": "organisation", "legal_form": "ApS"}, "limited_company"),
        ({"kind": "organisation", "legal_form": "Enkeltmandsvirksomhed"}, "sole_trader"),
    ]
    for fields, kind in cases:
        customer = customers.customer(**fields)
        made = services.open_for_customer(customer=customer, product=None, actor=ada, at=now)
        assert made.template.kind == kind
    with pytest.raises(ValidationError):
        services.open_for_customer(
            customer=customer, product=None, kind="young_person", actor=ada, at=now
        )
    made = services.open_for_customer(
        customer=customer, product=None, kind="start_up", actor=ada, at=now
    )
    assert made.template.kind == "start_up"


def test_differences_are_told_in_words() -> None:
    before = in_force().data
    after = copy.deepcopy(before)
    after["decide_within_hours"] = 24
    task = after["steps"][0]["tasks"][0]
    task["title"]["en"] = "Who are you"
    del task["fields"][-1]
    assert compare.changes(before, before) == []
    found = [(one.sort, one.what, one.before, one.after) for one in compare.changes(before, after)]
    assert ("changed", "Decided within business hours", "16", "24") in found
    assert ("changed", "Title (en)", "Who you are", "Who are you") in found
    assert ("removed", "", "Citizen of", "") in found
    assert len(found) == 3


def test_the_pages_draft_edit_and_read_files(ola: User, now: datetime) -> None:
    client = Client()
    client.force_login(ola)
    first = in_force("association")
    page = reverse("onboarding:template", args=[first.pk])
    assert client.get(reverse("onboarding:templates")).status_code == 200
    client.post(reverse("onboarding:template-draft", args=[first.pk]), {"note": "another board"})
    draft = ApplicationTemplate.objects.get(kind="association", state="DRAFT")
    edit = reverse("onboarding:template-edit", args=[draft.pk])
    client.post(edit, {"what": "structure", "do": "add-document:board", "version": draft.version})
    client.post(edit, {"what": "structure", "do": "remove-task:minutes"})
    draft.refresh_from_db()
    assert [one.key for one in blueprint.tasks(draft.data) if one.step == "board"] == [
        "structure", "task_1",
    ]  # fmt: skip
    typed = {
        "title-en": "List of the board", "title-da": "Liste over bestyrelsen", "hours": "8",
        "documents": ["other", "registration"], "fact0": "risk", "test0": "is",
        "value0": "medium, high",
    }  # fmt: skip
    assert client.post(f"{edit}?task=task_1", typed).status_code == 302
    draft.refresh_from_db()
    task = blueprint.task_named(draft.data, "task_1")
    assert task.when == ({"fact": "risk", "is": ["medium", "high"]},)
    again = client.post(f"{edit}?task=task_1", {**typed, "title-da": ""})
    assert again.status_code == 422
    assert b"title.da" in again.content
    assert b"List of the board" in again.content
    stale = client.post(f"{edit}?task=task_1", {**typed, "version": "1"})
    assert stale.status_code == 409
    for show in ("content", "preview", "changes", "trial", "history"):
        shown = client.get(reverse("onboarding:template", args=[draft.pk]), {"show": show})
        assert shown.status_code == 200, show
    assert (
        "List of the board"
        in client.get(
            f"{page[: -len(str(first.pk)) - 1]}{draft.pk}/", {"show": "changes"}
        ).content.decode()
    )
    high = client.get(page, {"show": "preview", "risk": "high"}).content.decode()
    assert "Budget or accounts" in high
    low = client.get(page, {"show": "preview", "risk": "low"}).content.decode()
    assert "Budget or accounts" not in low
    text = client.get(reverse("onboarding:template-yaml", args=[draft.pk])).content.decode()
    bring = reverse("onboarding:template-import")
    bad = client.post(bring, {"text": text.replace("kind: document", "kind: song"), "note": "x"})
    assert bad.status_code == 422
    assert "Line " in bad.content.decode()
    assert client.post(bring, {"text": text, "note": "back"}).status_code == 302
    assert ApplicationTemplate.objects.get(number=3, kind="association").data == draft.data
