"""Files at rest: encrypted, outside the web root, under names of the server's making."""

from pathlib import Path
from typing import IO

from django.conf import settings

from clm.core.crypto import decrypt_bytes, encrypt_bytes
from clm.core.ids import uuid7

_CONTEXT = "clm.core.files"


def store(*, content: IO[bytes] | bytes, name: str = "") -> str:
    """
    Keep a file; the key to read it by.

    :param name: what the sender called it; its ending is kept for people, nothing trusts it
    """
    raw = content if isinstance(content, bytes) else content.read()
    identifier = uuid7()
    key = f"{identifier.hex[:8]}/{identifier.hex}"
    path = _path(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".part")
    partial.write_bytes(encrypt_bytes(content=raw, context=f"{_CONTEXT}:{key}"))
    partial.replace(path)
    return key


def read(*, key: str) -> bytes:
    """The file's content; FileNotFoundError when it is gone."""
    return decrypt_bytes(content=_path(key).read_bytes(), context=f"{_CONTEXT}:{key}")


def delete(*, key: str) -> None:
    _path(key).unlink(missing_ok=True)


def _path(key: str) -> Path:
    folder, _, name = key.partition("/")
    if not (folder.isalnum() and name.isalnum()):
        raise FileNotFoundError(key)
    return Path(settings.CLM_FILES_DIR) / folder / name
