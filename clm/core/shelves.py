"""
Where sealed files stand: a folder, or a bucket of an object store that speaks S3.

What is put here is sealed already (`clm.core.files`): neither a disk nor a store learns anything
but sizes and times. A file appears whole or not at all, and any part of it is read by itself.
"""

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any, BinaryIO, Protocol, cast

from django.conf import settings
from django.core.files import File
from django.core.files.storage import storages

#: What is sealed is held in memory up to here before it is sent to a bucket, then on disk.
_SPOOL = 8 * 1024 * 1024


class Sealed(Protocol):
    """A file that stands on a shelf."""

    size: int

    def part(self, start: int, length: int) -> bytes:
        """So many bytes from a place on; fewer at the end."""
        ...

    def close(self) -> None: ...


class Shelf(Protocol):
    def put(self, *, key: str, parts: Iterable[bytes]) -> None: ...

    def open(self, *, key: str) -> Sealed:
        """:raises FileNotFoundError: it is gone"""
        ...

    def delete(self, *, key: str) -> None: ...


def shelf() -> Shelf:
    """The one that is configured: a bucket where `CLM_FILES_BUCKET` names one, else the folder."""
    return Bucket() if settings.CLM_FILES_BUCKET else Folder()


class Folder:
    """Files below `CLM_FILES_DIR`."""

    def put(self, *, key: str, parts: Iterable[bytes]) -> None:
        path = self.path(key=key)
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_suffix(".part")
        try:
            with partial.open("wb") as out:
                out.writelines(parts)
            partial.replace(path)
        finally:
            partial.unlink(missing_ok=True)

    def open(self, *, key: str) -> Sealed:
        return _OnDisk(self.path(key=key).open("rb"))

    def delete(self, *, key: str) -> None:
        self.path(key=key).unlink(missing_ok=True)

    def path(self, *, key: str) -> Path:
        """Where the file of a key stands, or would."""
        return Path(settings.CLM_FILES_DIR) / _checked(key)


class _OnDisk:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.size = file.seek(0, 2)

    def part(self, start: int, length: int) -> bytes:
        self._file.seek(start)
        return self._file.read(length)

    def close(self) -> None:
        self._file.close()


class Bucket:
    """Objects of the bucket `CLM_FILES_BUCKET`, through django-storages."""

    def __init__(self) -> None:
        self._storage: Any = storages["files"]

    def put(self, *, key: str, parts: Iterable[bytes]) -> None:
        with tempfile.SpooledTemporaryFile(max_size=_SPOOL) as sealed:
            sealed.writelines(parts)
            sealed.seek(0)
            self._storage.save(_checked(key), File(cast("BinaryIO", sealed)))

    def open(self, *, key: str) -> Sealed:
        # Loaded with the storage already; a folder never needs it.
        from botocore.exceptions import ClientError

        name = _checked(key)
        try:
            size = int(self._storage.size(name))
        except ClientError as error:
            if error.response["ResponseMetadata"]["HTTPStatusCode"] == 404:
                raise FileNotFoundError(key) from None
            raise
        return _InBucket(self._storage.bucket.Object(_named(self._storage, name)), size)

    def delete(self, *, key: str) -> None:
        self._storage.delete(_checked(key))


class _InBucket:
    def __init__(self, thing: Any, size: int) -> None:
        self._thing = thing
        self.size = size

    def part(self, start: int, length: int) -> bytes:
        end = min(start + length, self.size)
        if start >= end:
            return b""
        answer = self._thing.get(Range=f"bytes={start}-{end - 1}")
        return cast("bytes", answer["Body"].read())

    def close(self) -> None: ...


def _named(storage: Any, name: str) -> str:
    """The object's name in the bucket, with what stands before all names there."""
    prefix = str(storage.location).strip("/")
    return f"{prefix}/{name}" if prefix else name


def _checked(key: str) -> str:
    """:raises FileNotFoundError: no key of ours"""
    folder, _slash, name = key.partition("/")
    if not (folder.isalnum() and name.isalnum()):
        raise FileNotFoundError(key)
    return f"{folder}/{name}"
