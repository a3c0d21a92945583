"""
Messages to people outside: the channels, and the hours in which nobody is written to.

Who may be written to, and what about, is the business of the app that writes. A channel is there
when its address is set. Nothing here holds a lock or a transaction: the caller claims a message,
sends it, and marks it, each by itself; the message's id goes with it, so that a receiver knows it
again when a process died between sending and marking.
"""

from clm.core.messages.channels import (
    Parcel,
    Refused,
    Unreachable,
    available,
    push_reference,
    send,
)
from clm.core.messages.hours import next_moment
from clm.core.messages.waiting import claim

__all__ = [
    "Parcel",
    "Refused",
    "Unreachable",
    "available",
    "claim",
    "next_moment",
    "push_reference",
    "send",
]
