"""Query parameters: those a view names, each once, and never a look-up of the caller's making."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from rest_framework.request import Request

from clm.core.api.problems import bad_parameter

MAX_LENGTH = 200
MAX_VALUES = 50
Narrow = Callable[..., models.QuerySet[Any]]
Filters = Mapping[str, str | Narrow] | Sequence[str]
_LOOKUPS = frozenset({"exact", "in", "gte", "gt", "lte", "lt", "isnull", "startswith"})


def check_parameters(request: Request, allowed: Iterable[str]) -> None:
    """
    :raises ApiProblem: 400, a parameter is unknown, given twice, too long or not text
    """
    known = set(allowed)
    for name, values in request.query_params.lists():
        if name not in known:
            raise bad_parameter(_shown(name), _("There is no such parameter."), "unknown_parameter")
        if len(values) > 1:
            raise bad_parameter(name, _("This parameter is given more than once."), "repeated")
        if "\x00" in values[0]:
            raise bad_parameter(name, _("A text contains characters that cannot be stored."))
        if len(values[0]) > MAX_LENGTH and name != "cursor":
            raise bad_parameter(name, _("This value is too long."), "too_long")


def as_mapping(filters: Filters) -> dict[str, str | Narrow]:
    """Filters by parameter; a plain sequence of names filters by the fields of those names."""
    return dict(filters) if isinstance(filters, Mapping) else {name: name for name in filters}


def narrow(
    queryset: models.QuerySet[Any], request: Request, filters: Filters
) -> models.QuerySet[Any]:
    """
    The queryset narrowed by the request's filters.

    A filter is a look-up (`"stage"`, `"created_at__gte"`, `"adviser_id__in"`), whose value is
    read as its field demands, or a function `(queryset=, value=, actor=)`. `__in` takes values
    with commas between.

    :raises ApiProblem: 400, a value does not fit its field
    """
    for name, how in as_mapping(filters).items():
        value = request.query_params.get(name)
        if value is None:
            continue
        try:
            if callable(how):
                queryset = how(queryset=queryset, value=value, actor=request.user)
            else:
                queryset = queryset.filter(**{how: _typed(queryset.model, how, value)})
        except ValidationError as exc:
            raise bad_parameter(name, " ".join(exc.messages)) from None
        except (ValueError, OverflowError):
            raise bad_parameter(name, _("This value cannot be used.")) from None
    return queryset


def instant(value: str) -> datetime:
    """
    An instant in RFC 3339; without an offset it is UTC.

    :raises ValidationError: it is none
    """
    # A plus sign that was not escaped arrives as a space.
    try:
        found = parse_datetime(value.replace(" ", "+") if "T" in value else value)
    except ValueError:
        found = None
    if found is None:
        raise ValidationError(_("An instant as in 2026-01-31T12:00:00Z."))
    return found if timezone.is_aware(found) else found.replace(tzinfo=UTC)


def boolean(value: str) -> bool:
    """
    `true` or `false`.

    :raises ValidationError: it is neither
    """
    if value not in {"true", "false"}:
        raise ValidationError(_("Either true or false."))
    return value == "true"


def _typed(model: type[models.Model], lookup: str, value: str) -> Any:
    parts = lookup.split("__")
    operator = parts.pop() if len(parts) > 1 and parts[-1] in _LOOKUPS else "exact"
    if operator == "isnull":
        return boolean(value)
    field = _field(model, parts)
    if operator == "in":
        values = [one for one in value.split(",") if one]
        if len(values) > MAX_VALUES:
            raise ValidationError(_("At most %(count)d values.") % {"count": MAX_VALUES})
        return [_read(field, one) for one in values]
    return _read(field, value)


def _read(field: Any, value: str) -> Any:
    if isinstance(field, models.BooleanField):
        return boolean(value)
    if isinstance(field, models.DateTimeField):
        return instant(value)
    typed = field.to_python(value)
    choices = {str(key) for key, _label in field.flatchoices} if field.choices else None
    if choices is not None and str(typed) not in choices:
        raise ValidationError(_("One of %(names)s.") % {"names": ", ".join(sorted(choices))})
    if isinstance(field, models.IntegerField):
        field.run_validators(typed)
    return typed


def _field(model: type[models.Model], parts: Sequence[str]) -> Any:
    field: Any = None
    for part in parts:
        try:
            field = model._meta.get_field(part)
        except FieldDoesNotExist:
            field = next(one for one in model._meta.concrete_fields if one.attname == part)
        if field.is_relation:
            model = field.related_model
    return field.target_field if field.is_relation else field


def _shown(name: str) -> str:
    return "".join(one for one in name[:60] if one.isprintable())
