"""What `check --deploy` says about signing in by e-identification."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.checks import Error, Tags, register

from clm.core.addresses import is_this_machine


@register(Tags.security, deploy=True)
def identity_provider(app_configs: Any, **kwargs: Any) -> list[Error]:
    """A provider is somebody else's, is spoken to over HTTPS, and knows us by a secret."""
    issuer = settings.EID_ISSUER
    if not issuer:
        return []
    found = []
    if is_this_machine(issuer):
        found.append(
            Error(
                "EID_ISSUER is the stand-in on this machine, at which anybody is whoever they like.",
                hint="Set EID_ISSUER to the address of your identity provider.",
                id="clm.E001",
            )
        )
    elif urlsplit(issuer).scheme != "https":
        found.append(
            Error("EID_ISSUER is not HTTPS.", hint="Nothing else is spoken.", id="clm.E002")
        )
    if not (settings.EID_CLIENT_ID and settings.EID_CLIENT_SECRET):
        found.append(
            Error(
                "EID_ISSUER is set, but EID_CLIENT_ID or EID_CLIENT_SECRET is not.",
                hint="They are what your identity provider agreed with you.",
                id="clm.E003",
            )
        )
    return found
