"""
Entity tags: nobody overwrites what they have not seen, nobody downloads what they have.

A tag is the record's version, and where an answer shows more than the record's own columns
a digest of the answer follows (`"7"`, `"7-5f3a…"`): the version alone would call it fresh
after, say, a new telephone number. `If-Match` looks at the version only.
"""

import hashlib
import re
from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext as _
from rest_framework.request import Request

from clm.core.api.problems import ApiProblem
from clm.core.api.renderers import ApiRenderer
from clm.core.models import Record

_TAG = re.compile(r'"([0-9]{1,10})(?:-[0-9a-f]{16})?"', re.ASCII)


def tag_of(version: int, content: Any = None) -> str:
    """The entity tag of a record, or of `content` as an answer that shows more than it."""
    if content is None:
        return f'"{version}"'
    digest = hashlib.blake2b(ApiRenderer().render(content), digest_size=8).hexdigest()
    return f'"{version}-{digest}"'


def expected_version(request: Request, record: Record, tag: Callable[[Record], str]) -> int | None:
    """
    The version the caller's `If-Match` names, for the write to check again under the lock.

    `If-Match: *` asks for no version in particular and gives None: the caller says that
    they mean to write whatever is there. Weak tags never match (RFC 9110, 13.1.1).

    :param tag: gives the record's present tag, which is sent along with a refusal
    :raises ApiProblem: 428 without the header, 412 when it names none in force
    """
    header = request.headers.get("If-Match", "").strip()
    if not header:
        raise ApiProblem(
            _("Send If-Match with the ETag of the record you have seen."),
            status_code=428,
            code="precondition_required",
            headers={"ETag": tag(record)},
        )
    if header == "*":
        return None
    for given in header.split(","):
        match = _TAG.fullmatch(given.strip())
        if match and int(match[1]) == record.version:
            return record.version
    raise ApiProblem(
        _("Somebody changed this in the meantime."),
        status_code=412,
        code="stale",
        headers={"ETag": tag(record)},
    )


def is_fresh(request: Request, tag: str) -> bool:
    """Whether `If-None-Match` already names `tag` (weakly compared, RFC 9110, 13.1.2)."""
    header = request.headers.get("If-None-Match", "").strip()
    known = {one.strip().removeprefix("W/") for one in header.split(",")}
    return header == "*" or tag in known
