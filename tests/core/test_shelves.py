"""Files in a bucket: a local server that speaks S3, over real HTTP."""

import io
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from django.conf import settings as now_set
from moto.server import ThreadedMotoServer

from clm.core import files
from clm.core.crypto import CannotDecrypt
from customers import services
from customers.models import Document
from tests import papers
from tests.factories import customers as make

BUCKET = "papers"


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """The address of an object store of our own."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def bucket(store: str, settings: Any) -> Any:
    """An empty bucket that files go to."""
    login = {"aws_access_key_id": "k", "aws_secret_access_key": "s", "region_name": "eu-west-1"}
    client = boto3.resource("s3", endpoint_url=store, **login)
    found = client.Bucket(BUCKET)
    found.create(CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    settings.CLM_FILES_BUCKET = BUCKET
    settings.STORAGES = {
        **now_set.STORAGES,
        "files": {
            "BACKEND": "storages.backends.s3.S3Storage",
            "OPTIONS": {
                "bucket_name": BUCKET, "location": "bank", "endpoint_url": store,
                "access_key": "k", "secret_key": "s", "region_name": "eu-west-1",
                "file_overwrite": True, "default_acl": None,
            },
        },
    }  # fmt: skip
    yield found
    found.objects.all().delete()
    found.delete()


def test_a_file_in_a_bucket_is_sealed_and_read_from_any_place(bucket: Any, tmp_path: Any) -> None:
    content = bytes(range(256)) * 4096 + b"the end"
    key = files.store(content=io.BytesIO(content))
    (kept,) = bucket.objects.all()
    assert kept.key == f"bank/{key}"
    raw = kept.get()["Body"].read()
    assert content[:64] not in raw
    assert not list(tmp_path.rglob(key.rpartition("/")[2])), "nothing in the folder as well"
    with files.open_file(key=key) as stream:
        stream.seek(-7, io.SEEK_END)
        assert stream.read() == b"the end"
        stream.seek(300_000)
        assert stream.read(10) == content[300_000:300_010]
    assert files.read(key=key) == content
    # Cut off or swapped by who keeps it, it is refused.
    kept.Object().put(Body=raw[: files.FRAME + 100])
    with pytest.raises(CannotDecrypt):
        files.read(key=key)
    files.delete(key=key)
    files.delete(key=key)
    with pytest.raises(FileNotFoundError):
        files.read(key=key)


@pytest.mark.django_db
def test_a_document_is_kept_there_and_a_store_that_is_away_keeps_it_out(
    bucket: Any, ada: Any, now: Any, settings: Any
) -> None:
    person = make.customer(at=now)
    made = services.upload_document(
        customer=person, kind="income", file=papers.picture(), actor=ada, at=now
    )
    assert [one.key for one in bucket.objects.all()] == [f"bank/{made.file}"]
    assert files.read(key=made.file).startswith(b"\xff\xd8")
    options = {**settings.STORAGES["files"]["OPTIONS"], "endpoint_url": "http://127.0.0.1:1"}
    settings.STORAGES = {
        **settings.STORAGES, "files": {**settings.STORAGES["files"], "OPTIONS": options}
    }  # fmt: skip
    with pytest.raises(Exception, match="Could not connect"):
        services.upload_document(
            customer=person, kind="tax", file=papers.picture((9, 9, 9)), actor=ada, at=now
        )
    assert Document.objects.count() == 1
