"""Where a request comes from, for counting how often somebody tries."""

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str:
    """The caller's address; behind the proxy that ends TLS, what the proxy saw itself."""
    address: str = request.META.get("REMOTE_ADDR", "")
    if settings.SECURE_PROXY_SSL_HEADER:
        # What the proxy added stands last; what stands before it the caller may have made up.
        address = request.headers.get("X-Forwarded-For", address).rsplit(",", 1)[-1].strip()
    return address
