from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from kyc.checks import Subject
from kyc.factors import Parameter, register


@register(
    "channel",
    label=_("Came without meeting"),
    group="channel",
    says=_("Won by a channel at which nobody of the bank met the customer (AMLR annex III)."),
    parameters=(Parameter("channels", _("Channels"), "words", []),),
)
def channel(subject: Subject, factor: Mapping[str, Any]) -> dict[str, Any] | None:
    return {"channel": subject.channel} if subject.channel in factor["channels"] else None
