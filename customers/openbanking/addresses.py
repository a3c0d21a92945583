"""Which addresses another bank's interface may have."""

from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def check_address(address: str) -> None:
    """
    HTTPS, without user, query or fragment; plain HTTP to this very machine in a local run only.

    :raises ValidationError: it is none of these
    """
    parts = urlsplit(address)
    try:
        _port = parts.port
    except ValueError:
        raise ValidationError(_("This is not an address.")) from None
    if not parts.hostname or parts.username or parts.query or parts.fragment:
        raise ValidationError(_("This is not an address."))
    local = settings.CLM_LOCAL and parts.scheme == "http" and parts.hostname in LOOPBACK
    if parts.scheme != "https" and not local:
        raise ValidationError(_("Another bank’s interface is read over HTTPS."))
