from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from rest_framework.renderers import JSONRenderer
from rest_framework.utils.encoders import JSONEncoder


class ApiEncoder(JSONEncoder):
    """Instants in UTC (RFC 3339), whatever time zone they were made in."""

    def default(self, obj: Any) -> Any:
        if isinstance(obj, datetime) and obj.tzinfo is not None:
            obj = obj.astimezone(UTC)
        return super().default(obj)


class ApiRenderer(JSONRenderer):
    """JSON in UTF-8, as small as it gets."""

    charset = None
    encoder_class = ApiEncoder

    def get_indent(self, accepted_media_type: str, renderer_context: Mapping[str, Any]) -> None:
        # `Accept: application/json; indent=9999999` would let a caller size our answers.
        return None
