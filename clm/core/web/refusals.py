"""What a service refuses, told beside the fields that it is about."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.forms import BaseForm


def spread(form: BaseForm, error: Exception, shown_as: Mapping[str, str] | None = None) -> None:
    """
    Add a refusal to a form: each sentence to its field, or above where it is about none.

    :param shown_as: the form's field that stands for a field of the record
    """
    if not isinstance(error, ValidationError):
        form.add_error(None, str(error))
        return
    by_field = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, sentences in by_field.items():
        shown = (shown_as or {}).get(name, name)
        form.add_error(shown if shown in form.fields else None, sentences)
