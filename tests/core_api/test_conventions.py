"""The conventions of the API, on its smallest real resource: tasks."""

import json
from datetime import timedelta

import pytest
from django.test import Client

from clm.core import work
from clm.core.models import IdempotencyKey, Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def tasks(ada, now):
    return [
        work.add_task(
            title=f"Task {number}",
            record=None,
            assignee=ada,
            due_at=now + timedelta(days=number % 3) if number % 4 else None,
            actor=ada,
            at=now + timedelta(seconds=number),
        )
        for number in range(10)
    ]


def problem(answer, status):
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    found = answer.json()
    assert set(found) == {
        "type", "title", "status", "detail", "instance", "request_id", "errors",
    }  # fmt: skip
    assert found["status"] == status
    assert found["request_id"] == answer["X-Request-ID"]
    return found


def pointers(found):
    return {(error["pointer"], error["code"]) for error in found["errors"]}


# Errors ----------------------------------------------------------------------------------------


def test_nobody_is_401_and_told_how(anyone):
    answer = anyone.get("tasks/")
    problem(answer, 401)
    assert answer["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize("header", ["Bearer nonsense", "Basic YTpi", "Bearer", "Bearer \udce9"])
def test_a_token_that_is_none_is_401(anyone, header):
    problem(anyone.get("tasks/", Authorization=header.encode("utf-8", "replace").decode()), 401)


@pytest.mark.parametrize(
    "path", ["/api/nonsense", "/api/v1/nonsense/", "/api/", "/api/v1/tasks/7/"]
)
def test_an_unknown_address_is_a_problem_too(anyone, path):
    problem(anyone.get(path), 404)


def test_an_address_without_its_slash_is_redirected_with_method_and_query(anyone):
    answer = anyone.get("/api/v1/tasks?limit=3")
    assert answer.status_code == 308
    assert answer["Location"] == "/api/v1/tasks/?limit=3"


def test_a_wrong_method_is_405(api, ada, tasks):
    answer = api(ada).call("PUT", f"tasks/{tasks[0].pk}/", {})
    problem(answer, 405)
    assert "PATCH" in answer["Allow"]


def test_a_wrong_media_type_is_415(api, ada):
    answer = api(ada).client.generic(
        "POST", "/api/v1/tasks/", data=b"title=x", content_type="application/x-www-form-urlencoded"
    )
    problem(answer, 415)


def test_an_answer_nobody_can_give_is_406(api, ada):
    problem(api(ada).get("tasks/", Accept="image/png"), 406)


def test_errors_speak_the_callers_language(anyone):
    english = anyone.get("tasks/", Accept_Language="en").json()["title"]
    danish = anyone.get("tasks/", Accept_Language="da").json()["title"]
    assert english == "Not signed in"
    assert danish == "Ikke logget på"


def test_the_unforeseen_says_nothing_of_itself(api, ada, monkeypatch):
    def broken(**kwargs):
        raise RuntimeError("0101010101 is a secret")

    monkeypatch.setattr("clm.core.api.resources.TaskViewSet.selector", broken)
    answer = api(ada).get("tasks/")
    problem(answer, 500)
    assert b"0101010101" not in answer.content


# Bodies ----------------------------------------------------------------------------------------


def test_unknown_and_read_only_members_are_named(api, ada):
    found = problem(
        api(ada).post("tasks/", {"title": "x", "colour": "red", "version": 9, "done_at": None}), 400
    )
    assert pointers(found) == {
        ("/colour", "unknown_field"), ("/version", "read_only"), ("/done_at", "read_only"),
    }  # fmt: skip


@pytest.mark.parametrize("body", [[], [1], "text", 7, None, True])
def test_a_body_that_is_no_object_is_400(api, ada, body):
    problem(api(ada).call("POST", "tasks/", json.dumps(body).encode()), 400)


def test_a_body_over_the_limit_is_413(api, ada):
    problem(api(ada).call("POST", "tasks/", b'{"title": "' + b"a" * 10_500_000 + b'"}'), 413)


def test_a_missing_and_a_too_long_member_are_named(api, ada):
    assert pointers(problem(api(ada).post("tasks/", {}), 400)) == {("/title", "required")}
    long = problem(api(ada).post("tasks/", {"title": "x" * 201}), 400)
    assert pointers(long) == {("/title", "max_length")}


# Reach -----------------------------------------------------------------------------------------


def test_what_is_not_yours_is_not_there(api, bo, tasks):
    caller = api(bo)
    assert caller.get("tasks/").json()["results"] == []
    assert caller.get("tasks/?count=exact").json()["count"] == 0
    problem(caller.get(f"tasks/{tasks[0].pk}/"), 404)
    problem(caller.patch(f"tasks/{tasks[0].pk}/", {"title": "x"}, If_Match='"1"'), 404)


# Lists -----------------------------------------------------------------------------------------


def walk(caller, path):
    seen, pages = [], 0
    while path:
        answer = caller.get(path)
        assert answer.status_code == 200, answer.content
        content = answer.json()
        seen += [row["title"] for row in content["results"]]
        path, pages = content["next"], pages + 1
    return seen, pages


@pytest.mark.parametrize(
    "ordering", ["id", "-id", "due_at", "-due_at", "created_at", "-created_at"]
)
def test_pages_cover_everything_once_in_order_and_lead_back(api, ada, tasks, ordering):
    caller = api(ada)
    whole = [row["title"] for row in caller.get(f"tasks/?ordering={ordering}").json()["results"]]
    seen, pages = walk(caller, f"tasks/?limit=3&ordering={ordering}")
    assert seen == whole
    assert len(set(seen)) == len(tasks)
    assert pages == 4
    third = caller.get(
        caller.get(caller.get(f"tasks/?limit=3&ordering={ordering}").json()["next"]).json()["next"]
    ).json()
    second = caller.get(third["previous"]).json()
    first = caller.get(second["previous"]).json()
    assert [row["title"] for row in second["results"]] == whole[3:6]
    assert [row["title"] for row in first["results"]] == whole[:3]
    assert first["previous"] is None
    assert caller.get(first["next"]).json()["results"] == second["results"]


def test_a_row_that_comes_between_moves_nothing(api, ada, tasks, now):
    caller = api(ada)
    first = caller.get("tasks/?limit=3").json()
    work.add_task(title="New", record=None, assignee=ada, due_at=None, actor=ada,
                  at=now + timedelta(days=9))  # fmt: skip
    second = caller.get(first["next"]).json()
    assert [row["title"] for row in second["results"]] == ["Task 6", "Task 5", "Task 4"]


@pytest.mark.parametrize(
    "query",
    [
        "limit=0", "limit=201", "limit=-1", "limit=1e3", "limit=1000000", "limit=", "limit=٣",
        "limit=" + "9" * 30, "ordering=password", "ordering=assignee__password", "ordering=--id",
        "ordering=", "cursor=nonsense", "cursor=", "cursor=%00", "count=yes", "colour=red",
        "limit=1&limit=2", "record_id=7", "done=maybe", "due_before=yesterday",
        "due_before=9999-99-99T00:00:00Z", "done=%00", "title__contains=a", "format=html",
        "expand=assignee", "record_id=" + "a" * 500,
    ],
)  # fmt: skip
def test_a_parameter_that_is_no_good_is_400(api, ada, tasks, query):
    assert problem(api(ada).get(f"tasks/?{query}"), 400)["errors"]


def test_a_cursor_belongs_to_its_ordering(api, ada, tasks):
    upcoming = api(ada).get("tasks/?limit=3&ordering=due_at").json()["next"]
    problem(api(ada).get(upcoming.replace("ordering=due_at", "ordering=created_at")), 400)


def test_a_count_is_given_on_demand(api, ada, tasks):
    assert "count" not in api(ada).get("tasks/").json()
    assert api(ada).get("tasks/?count=exact&limit=1").json()["count"] == 10


def test_instants_are_in_utc(api, ada, tasks, now):
    found = api(ada).get(f"tasks/{tasks[1].pk}/").json()
    assert found["due_at"] == "2026-03-06T09:00:00Z"
    assert found["created_at"] == "2026-03-05T09:00:01Z"


def test_filters_narrow(api, ada, tasks, now):
    work.finish_task(task=tasks[3], actor=ada, at=now)
    caller = api(ada)
    assert [row["title"] for row in caller.get("tasks/?done=true").json()["results"]] == ["Task 3"]
    due = caller.get("tasks/?due_before=2026-03-06T00:00:00Z").json()["results"]
    assert {row["title"] for row in due} == {"Task 3", "Task 6", "Task 9"}


# Concurrency -----------------------------------------------------------------------------------


def test_a_tag_saves_the_download_and_guards_the_change(api, ada, tasks):
    caller, path = api(ada), f"tasks/{tasks[0].pk}/"
    tag = caller.get(path)["ETag"]
    assert tag == '"1"'
    assert caller.get(path, If_None_Match=tag).status_code == 304
    assert caller.get(path, If_None_Match=f'W/{tag}, "x"').status_code == 304

    missing = caller.patch(path, {"title": "New"})
    problem(missing, 428)
    changed = caller.patch(path, {"title": "New"}, If_Match=tag)
    assert changed.status_code == 200
    assert changed["ETag"] == '"2"'
    stale = caller.patch(path, {"title": "Newer"}, If_Match=tag)
    problem(stale, 412)
    assert stale["ETag"] == '"2"'
    for odd in ("2", 'W/"2"', '"٢"', '"2', "nonsense", '"' + "9" * 40 + '"'):
        problem(caller.patch(path, {"title": "Odd"}, If_Match=odd), 412)
    assert caller.patch(path, {"title": "Any"}, If_Match="*").status_code == 200
    assert caller.patch(path, {"title": "Two"}, If_Match='"9", "3"').status_code == 200
    assert caller.get(path, If_None_Match=tag).status_code == 200


# Idempotency -----------------------------------------------------------------------------------


def test_the_same_key_is_done_once_and_answered_alike(api, ada):
    caller = api(ada)
    first = caller.post("tasks/", {"title": "Once"}, Idempotency_Key="k1")
    again = caller.post("tasks/", {"title": "Once"}, Idempotency_Key="k1")
    assert first.status_code == again.status_code == 201
    assert first.json() == again.json()
    assert (first["Location"], first["ETag"]) == (again["Location"], again["ETag"])
    assert again["Idempotent-Replayed"] == "true"
    assert Task.objects.count() == 1
    problem(caller.post("tasks/", {"title": "Other"}, Idempotency_Key="k1"), 422)
    problem(caller.post("jobs/", {"title": "Once"}, Idempotency_Key="k1"), 405)
    assert caller.post("tasks/", {"title": "Other"}, Idempotency_Key="k2").status_code == 201


def test_a_refused_request_is_refused_alike_and_leaves_nothing(api, ada):
    caller = api(ada)
    problem(caller.post("tasks/", {"title": ""}, Idempotency_Key="k"), 400)
    again = caller.post("tasks/", {"title": ""}, Idempotency_Key="k")
    problem_again = again.json()
    assert (again.status_code, problem_again["errors"][0]["pointer"]) == (400, "/title")
    assert Task.objects.count() == 0


def test_keys_are_each_clients_own_and_rest_encrypted(api, ada, bo):
    api(ada).post("tasks/", {"title": "Ada's secret"}, Idempotency_Key="k")
    other = api(bo).post("tasks/", {"title": "Bo's"}, Idempotency_Key="k")
    assert other.status_code == 201
    assert Task.objects.count() == 2
    assert all(b"secret" not in bytes(one.body) for one in IdempotencyKey.objects.all())


def test_a_key_is_forgotten_after_a_day(api, ada):
    caller = api(ada)
    caller.post("tasks/", {"title": "Once"}, Idempotency_Key="k")
    IdempotencyKey.objects.update(created_at="2020-01-01T00:00:00Z")
    assert caller.post("tasks/", {"title": "Other"}, Idempotency_Key="k").status_code == 201
    assert Task.objects.count() == 2


@pytest.mark.parametrize("key", ["", " ", "x" * 256, "æ", "a b"])
def test_a_key_that_is_none_is_400(api, ada, key):
    problem(api(ada).post("tasks/", {"title": "x"}, Idempotency_Key=key), 400)


# Limits ----------------------------------------------------------------------------------------


def test_too_many_requests_are_told_when_to_come_back(api, ada, bo, settings):
    settings.API_RATE = "3/60"
    caller = api(ada)
    assert [caller.get("tasks/")["X-RateLimit-Remaining"] for _ in range(3)] == ["2", "1", "0"]
    answer = caller.get("tasks/")
    problem(answer, 429)
    assert 1 <= int(answer["Retry-After"]) <= 60
    assert answer["X-RateLimit-Limit"] == "3"
    assert api(bo).get("tasks/").status_code == 200


def test_without_the_counter_requests_go_through(api, ada, monkeypatch):
    from redis.exceptions import ConnectionError as Gone

    def gone(*args, **kwargs):
        raise Gone

    monkeypatch.setattr("django.core.cache.backends.redis.RedisCache.add", gone)
    assert api(ada).get("tasks/").status_code == 200


# Sessions --------------------------------------------------------------------------------------


def test_a_session_needs_its_csrf_token(ada):
    client = Client(enforce_csrf_checks=True)
    client.force_login(ada)
    answer = client.post("/api/v1/tasks/", b'{"title": "x"}', content_type="application/json")
    problem(answer, 403)
    assert client.get("/api/v1/tasks/").status_code == 200


# Expansion is tested with customers, which have something to expand.
