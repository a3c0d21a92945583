"""The frame's own pages: who sees what, what the browser may keep, and what is refused."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.http import HttpRequest
from django.test import Client, RequestFactory
from django.urls import reverse

from clm.core import jobs, registries, work
from clm.core.models import Job, SavedView, User
from clm.core.web import menu

pytestmark = pytest.mark.django_db
ClientFor = Callable[[User], Client]
PAGES = ("home", "notifications", "approvals", "jobs", "settings")
AUDIT = ("audit", "access_log")


def rail(user: User) -> set[str]:
    request: HttpRequest = RequestFactory().get("/")
    request.user = user
    return {e.item.name for g in menu.visible(request=request) for e in g.entries}


def test_the_rail_shows_only_what_the_role_may_open(
    ada: User, karen: User, max_: User, make_user: Callable[..., User]
) -> None:
    assert {"home", "jobs", "settings", "approvals"} <= rail(max_)
    assert "acquisition" in rail(ada)
    assert "audit" not in rail(ada)
    assert "audit" in rail(karen)
    assert "acquisition" not in rail(max_)
    assert "audit" in rail(make_user("aud", "auditor"))


def test_every_entry_of_the_rail_has_a_page() -> None:
    for item in menu.items():
        assert reverse(item.url_name)
        assert item.group in menu.GROUPS


def test_an_unknown_group_is_refused() -> None:
    with pytest.raises(ValueError, match="groups"):
        menu.register(menu.MenuItem("x", "X", "home", "web:home", group="elsewhere"))


@pytest.mark.parametrize("name", PAGES)
def test_everybody_has_the_frame(name: str, max_: User, client_for: ClientFor) -> None:
    answer = client_for(max_).get(reverse(f"web:{name}"))
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("name", [*PAGES, *AUDIT])
def test_nobody_signed_in_sees_nothing(name: str, client: Client) -> None:
    answer = client.get(reverse(f"web:{name}"))
    assert answer.status_code == 302
    assert answer["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("name", AUDIT)
def test_the_audit_is_for_compliance_and_auditors(
    name: str, ada: User, karen: User, max_: User, client_for: ClientFor
) -> None:
    assert client_for(karen).get(reverse(f"web:{name}")).status_code == 200
    for user in (ada, max_):
        answer = client_for(user).get(reverse(f"web:{name}"))
        assert answer.status_code == 403
        assert b"You may not open this" in answer.content


def test_filters_that_make_no_sense_find_nothing(karen: User, client_for: ClientFor) -> None:
    client = client_for(karen)
    for query in (
        "record=1;drop",
        "from=2026-99-99",
        "to=x",
        "after=%00",
        "before=AAAA",
        "type=a%00",
    ):
        assert client.get(f"/audit/?{query.replace('%00', '')}").status_code == 200
        assert client.get(f"/audit/access/?{query.replace('%00', '')}").status_code == 200


def test_pages_of_the_audit_follow_one_another(
    karen: User, client_for: ClientFor, now: datetime
) -> None:
    for number in range(120):
        work.add_task(
            title=str(number), record=None, assignee=karen, due_at=None, actor=karen,
            at=now + timedelta(minutes=number),
        )  # fmt: skip
    client = client_for(karen)
    seen: list[str] = []
    url = "/audit/?type=core.Task"
    while url:
        page = client.get(url).context["page"]
        seen += [str(event.pk) for event in page.items]
        url = page.next_url
    assert len(seen) == len(set(seen)) == 120
    assert seen == sorted(seen, reverse=True)
    last = client.get("/audit/?type=core.Task").context["page"]
    back = client.get(client.get(last.next_url).context["page"].previous_url).context["page"]
    assert [e.pk for e in back.items] == [e.pk for e in last.items]


def test_jobs_of_others_are_not_there(
    ada: User, karen: User, now: datetime, client_for: ClientFor
) -> None:
    job = jobs.start(kind="core.verify_audit", parameters={}, actor=karen, at=now)
    page = reverse("web:job", args=[job.pk])
    assert client_for(karen).get(page).status_code == 200
    assert client_for(ada).get(page).status_code == 404
    assert client_for(ada).post(reverse("web:cancel_job", args=[job.pk])).status_code == 404
    client_for(karen).post(reverse("web:cancel_job", args=[job.pk]))
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED


def test_a_pending_page_is_asked_for_again_at_no_cost(
    karen: User, now: datetime, client_for: ClientFor
) -> None:
    job = jobs.start(kind="core.verify_audit", parameters={}, actor=karen, at=now)
    client, page = client_for(karen), reverse("web:job", args=[job.pk])
    htmx: dict[str, Any] = {"HTTP_HX_REQUEST": "true", "HTTP_HX_TARGET": "job"}
    first = client.get(page, **htmx)
    assert b'id="job"' in first.content
    assert b"<html" not in first.content
    again = client.get(page, **htmx, HTTP_IF_NONE_MATCH=first["ETag"])
    assert again.status_code == 304
    assert again.content == b""
    Job.objects.filter(pk=job.pk).update(done=7, total=10)
    assert client.get(page, **htmx, HTTP_IF_NONE_MATCH=first["ETag"]).status_code == 200


def test_the_verification_is_a_job(karen: User, ada: User, client_for: ClientFor) -> None:
    url = reverse("web:verify_audit")
    assert client_for(ada).post(url).status_code == 403
    client = client_for(karen)
    first, second = client.post(url), client.post(url)
    assert first["Location"] == second["Location"]
    assert Job.objects.filter(kind="core.verify_audit").count() == 1


def test_tasks_are_finished_by_their_owner(
    ada: User, karen: User, now: datetime, client_for: ClientFor
) -> None:
    task = work.add_task(title="Call", record=None, assignee=ada, due_at=now, actor=karen, at=now)
    url = reverse("web:finish_task", args=[task.pk])
    assert client_for(karen).post(url).status_code == 404
    client_for(ada).post(url)
    task.refresh_from_db()
    assert task.done_at is not None


def test_language_and_theme_stay_chosen(ada: User, client_for: ClientFor) -> None:
    client = client_for(ada)
    client.post(reverse("web:preferences"), {"language": "da", "theme": "dark", "next": "/"})
    answer = client.get("/")
    head = " ".join(answer.content.decode().split(">", 2)[1].split())
    assert head.startswith('<html lang="da" data-bs-theme="dark"')
    assert "Hjem" in answer.content.decode()
    client.post(reverse("web:preferences"), {"shortcuts": "off", "theme": "pink", "language": "xx"})
    ada.refresh_from_db()
    assert (ada.language, ada.theme, ada.shortcuts) == ("da", "dark", False)


def test_what_is_searched_for_stays_out_of_addresses(ada: User, client_for: ClientFor) -> None:
    client, url = client_for(ada), reverse("web:command")
    assert client.get(url, {"q": "secret"}).status_code == 405
    answer = client.post(url, {"q": "job"}, HTTP_HX_REQUEST="true")
    assert b'href="/jobs/"' in answer.content
    assert client.post(url, {"q": "x" * 5000 + "\0"}).status_code == 200


def test_search_asks_only_sources_one_may_use(
    ada: User, max_: User, client_for: ClientFor, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def search(**given: object) -> list[registries.SearchResult]:
        asked.append(str(given["actor"]))
        return [registries.SearchResult(title="<b>Eva</b>", url="/x/")]

    sources = registries.Registry[registries.SearchSource](key=lambda entry: entry.name)
    sources.register(
        registries.SearchSource("x", "People", search, permission="customers.view_customer")
    )
    monkeypatch.setattr("clm.core.web.views.command.search_sources", sources)
    url = reverse("web:command")
    assert b"&lt;b&gt;Eva" in client_for(ada).post(url, {"q": "eva"}).content
    assert b"&lt;b&gt;" not in client_for(max_).post(url, {"q": "evx"}).content
    assert asked == [str(ada)]


def test_a_view_is_saved_shared_and_removed(ada: User, bo: User, client_for: ClientFor) -> None:
    client, url = client_for(ada), reverse("web:save_view")
    given = {"page": "leads", "name": "Mine", "query": "state=NEW&after=x", "shared": "1"}
    client.post(url, given)
    client.post(url, given | {"query": "state=LOST"})
    view = SavedView.objects.get()
    assert (view.query, view.shared, view.owner) == ("state=LOST", True, ada)
    client_for(bo).post(url, {"page": "leads", "view": view.pk, "delete": "1"})
    assert SavedView.objects.count() == 1
    client.post(url, {"page": "leads", "view": view.pk, "delete": "1"})
    assert not SavedView.objects.exists()


def test_the_demos_people_are_shown_in_the_demo_only(
    ada: User, client: Client, settings: object
) -> None:
    settings.CLM_DEMO = True  # type: ignore[attr-defined]
    assert b"demo-ada" in client.get("/accounts/login/").content
    settings.CLM_DEMO = False  # type: ignore[attr-defined]
    assert b"demo-ada" not in client.get("/accounts/login/").content


def test_nobody_signs_up(client: Client) -> None:
    assert b"password1" not in client.get("/accounts/signup/").content


def test_robots_have_no_pages(make_user: Callable[..., User], client_for: ClientFor) -> None:
    robot = make_user("robot", is_robot=True)
    assert client_for(robot).get("/").status_code == 403
