"""Which addresses another bank's interface may have."""

from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from clm.core import addresses


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
    if not addresses.may_be_asked(address):
        raise ValidationError(_("Another bank’s interface is read over HTTPS."))
