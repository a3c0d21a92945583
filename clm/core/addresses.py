"""Whom we may connect to."""

import ipaddress
from urllib.parse import urlsplit

from django.conf import settings

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
# Ranges of version 6 in which an address of version 4 stands at the end (RFC 4291, 6052).
_WITH_FOUR = tuple(ipaddress.IPv6Network(one) for one in ("::/96", "64:ff9b::/96"))
# Translated by rules of the network's own (RFC 8215): nobody can say where to.
_ANYWHERE = ipaddress.IPv6Network("64:ff9b:1::/48")


def is_this_machine(address: str) -> bool:
    """Whether the host of an address is this very machine by one of its usual names."""
    return urlsplit(address).hostname in LOOPBACK


def may_be_asked(address: str) -> bool:
    """HTTPS; plain HTTP to this very machine in a local run only."""
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    if parts.scheme == "https":
        return bool(parts.hostname)
    return bool(settings.CLM_LOCAL) and parts.scheme == "http" and is_this_machine(address)


def is_public(text: str) -> bool:
    """
    Whether an IP address is one of the open internet.

    Python calls some public that lead back to this machine or network: what stands within an
    address of version 6 (mapped, 6to4, Teredo, NAT64) is judged as well, and nothing is sent to
    many at once.
    """
    address = ipaddress.ip_address(text)
    if not address.is_global or address.is_multicast:
        return False
    return address.version == 4 or all(is_public(str(one)) for one in _within(address))


def _within(address: ipaddress.IPv6Address) -> list[ipaddress.IPv4Address]:
    """The addresses of version 4 that this one leads to."""
    if address in _ANYWHERE:
        return [ipaddress.IPv4Address(0)]
    found = [address.ipv4_mapped, address.sixtofour, *(address.teredo or ())]
    if any(address in one for one in _WITH_FOUR):
        found.append(ipaddress.IPv4Address(int(address) & 0xFFFFFFFF))
    return [one for one in found if one is not None]
