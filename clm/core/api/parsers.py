"""
JSON that means one thing only (RFC 8259 with the looseness taken out, as in RFC 7493).

The stock parser lets through what later becomes an error 500 or a quiet surprise: NUL and
lone surrogates (the database cannot store them), nesting deep enough to exhaust the stack,
the same key twice, NaN, and objects with a hundred thousand keys.
"""

import json
import math
import re
from collections.abc import Mapping
from typing import IO, Any, NoReturn

from django.core.exceptions import RequestDataTooBig
from django.utils.translation import gettext as _
from rest_framework.parsers import BaseParser

from clm.core.api.problems import ApiProblem

MAX_BYTES = 10 * 1024 * 1024
MAX_DEPTH = 32
MAX_KEYS = 1_000
MAX_VALUES = 1_000_000
MAX_DIGITS = 100
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def parse(raw: bytes) -> Any:
    """
    The value in `raw`, which must be UTF-8.

    :raises ApiProblem: 400 with the reason, 413 over ten megabytes
    """
    if len(raw) > MAX_BYTES:
        raise too_large()
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise _refusal(_("The body is not UTF-8.")) from None
    # Ten megabytes of `[],[],…` would take a hundred times that in memory.
    if sum(text.count(one) for one in ",[{") > MAX_VALUES:
        raise _refusal(_("The body has too many values."))
    try:
        value = json.loads(
            text,
            object_pairs_hook=_object,
            parse_constant=_no_constant,
            parse_float=_float,
            parse_int=_integer,
        )
    except RecursionError:
        raise _refusal(_("The body is nested too deeply.")) from None
    except ValueError:
        raise _refusal(_("The body is not valid JSON.")) from None
    _check(value)
    return value


def too_large() -> ApiProblem:
    return ApiProblem(_("A body may have at most 10 MB."), status_code=413, code="body_too_large")


class StrictJSONParser(BaseParser):
    """`application/json`, by `parse`."""

    media_type = "application/json"

    def parse(
        self,
        stream: IO[Any],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        request = (parser_context or {}).get("request")
        charset = str(getattr(request, "content_type", "") or "").lower()
        if "charset" in charset and "utf-8" not in charset.replace("utf8", "utf-8"):
            raise ApiProblem(
                _("JSON is sent in UTF-8."), status_code=415, code="unsupported_charset"
            )
        # One byte more than allowed tells a body of exactly the limit from a longer one.
        try:
            raw = stream.read(MAX_BYTES + 1)
        except RequestDataTooBig:
            raise too_large() from None
        return parse(raw)


def _refusal(detail: str) -> ApiProblem:
    return ApiProblem(
        detail, code="malformed_json", errors=[{"pointer": "", "code": "parse", "detail": detail}]
    )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(pairs) > MAX_KEYS:
        raise _refusal(_("An object may have at most %(count)d members.") % {"count": MAX_KEYS})
    found = dict(pairs)
    if len(found) != len(pairs):
        raise _refusal(_("An object has the same member twice."))
    return found


def _no_constant(_name: str) -> NoReturn:
    raise _refusal(_("NaN and Infinity are not JSON."))


def _integer(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise _refusal(_("A number has too many digits."))
    return int(digits)


def _float(digits: str) -> float:
    number = float(digits)
    if not math.isfinite(number):
        raise _refusal(_("A number is too large."))
    return number


def _check(value: Any) -> None:
    """Depth and texts of a whole document, level by level, without recursion."""
    level = [value]
    for _depth in range(MAX_DEPTH):
        below: list[Any] = []
        for one in level:
            if isinstance(one, str):
                _check_text(one)
            elif isinstance(one, dict):
                for key in one:
                    _check_text(key)
                below.extend(one.values())
            elif isinstance(one, list):
                below.extend(one)
        if not below:
            return
        level = below
    raise _refusal(_("The body is nested too deeply."))


def _check_text(text: str) -> None:
    if _UNSTORABLE.search(text):
        raise _refusal(_("A text contains characters that cannot be stored."))
