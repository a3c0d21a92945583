"""A list's file from a page and from a client: a job that loads it whole, or says why not."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from clm.core import files, jobs
from clm.core.models import Job, User
from kyc.models import VersionState, WatchlistVersion

TEN = "entry_id,name\n" + "".join(f"{n},Name{n} Person{n}\n" for n in range(10))


@pytest.fixture
def upload(
    karen: User, client_for: Callable[[User], Client], now: datetime
) -> Callable[[str], Job]:
    """Send a file over the API and run its job."""
    client = client_for(karen)

    def send(text: str) -> Job:
        file = SimpleUploadedFile("own.csv", text.encode())
        body = {"format": "names-csv", "list": "Own", "file": file}
        answer = client.post("/api/v1/kyc/watchlists/", body)
        assert answer.status_code == 202, answer.content
        return jobs.run(job=Job.objects.get(pk=answer.json()["id"]), at=now)

    return send


def test_a_file_over_the_api_becomes_the_next_version(upload: Callable[[str], Job]) -> None:
    first = upload(TEN)
    assert first.state == Job.State.DONE, first.message
    assert first.outcome == {"entries": 10, "names": 10, "added": 10, "changed": 0, "removed": 0}
    assert not first.file
    version = WatchlistVersion.objects.get()
    assert (version.watchlist.name, version.standing) == ("Own", VersionState.IN_FORCE)
    assert "Nothing changed" in upload(TEN).message

    broken = upload(TEN + "11\n")
    assert broken.state == Job.State.FAILED
    assert "Line 12 has another number of columns" in broken.message
    assert broken.message.endswith("The version in force stays.")

    held = upload(TEN[: TEN.index("5,")])
    assert held.state == Job.State.DONE
    assert "Held back. 50 % shorter" in held.message
    waiting = WatchlistVersion.objects.get(standing=VersionState.HELD)
    assert files.read(key=waiting.file).decode() == TEN[: TEN.index("5,")]


@pytest.mark.parametrize(
    "change", [{"format": "nonsense"}, {"list": "x" * 81}, {"file": ""}, {"force": "true"}]
)
def test_a_wrong_upload_is_refused_at_once(
    karen: User, client_for: Callable[[User], Client], change: dict[str, Any]
) -> None:
    body = {"format": "names-csv", "file": SimpleUploadedFile("own.csv", TEN.encode())} | change
    assert client_for(karen).post("/api/v1/kyc/watchlists/", body).status_code == 400
    assert not Job.objects.exists()


def test_an_officer_loads_a_list_and_discards_one_that_is_held(
    karen: User, line: User, client_for: Callable[[User], Client], now: datetime
) -> None:
    client = client_for(karen)

    def send(text: str) -> None:
        body = {"format": "names-csv", "file": SimpleUploadedFile("own.csv", text.encode())}
        answer = client.post("/kyc/lists/upload/", body)
        job = Job.objects.latest("created_at")
        assert answer.headers["Location"] == f"/jobs/{job.pk}/"
        jobs.run(job=job, at=now)

    send(TEN)
    send(TEN[: TEN.index("5,")])
    held = WatchlistVersion.objects.get(standing=VersionState.HELD)
    page = client.get("/kyc/lists/").content.decode()
    assert f"/kyc/lists/{held.pk}/accept/" in page
    assert "/kyc/lists/upload/" in page
    other = client_for(line)
    assert f"/kyc/lists/{held.pk}/" not in other.get("/kyc/lists/").content.decode()
    assert other.post(f"/kyc/lists/{held.pk}/discard/").status_code == 403
    client.post(f"/kyc/lists/{held.pk}/discard/")
    assert client.post(f"/kyc/lists/{held.pk}/accept/").status_code == 404
    assert WatchlistVersion.objects.get(standing=VersionState.IN_FORCE).entries == 10
