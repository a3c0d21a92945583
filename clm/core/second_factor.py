"""
The second factor of signing in: time-based codes, required of whoever approves or administers.

Who needs one and has none may sign in and work, but neither approve nor administer until it is
set up. Every sign-in of somebody who has one asks for the code.
"""

from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.conf import settings
from django.core.cache import cache
from django.db import transaction

from clm.core import actors, crypto
from clm.core.models import User

#: A code is valid for its half minute and the one before and after.
KEPT_SECONDS = 120
CONTEXT = "mfa.Authenticator.secret"
#: The people of the demo share one secret, so that the sign-in page can show its code.
DEMO_SECRET = "FJORDBANKDEMOFJORDBANKDEMO234567"  # noqa: S105 -- nobody's: refused outside the demo


def enrolled(*, user: User) -> bool:
    """Whether signing in as `user` takes a second factor."""
    kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
    return bool(Authenticator.objects.filter(user=user, type__in=kinds).exists())


def may_decide(*, user: User) -> bool:
    """Whether `user`'s sign-in is good enough for a decision as second person."""
    return not settings.CLM_REQUIRE_SECOND_FACTOR or enrolled(user=user)


def required(*, user: User) -> bool:
    """Whether `user` has anything to approve or to administer."""
    # A transition asks for approvals, and approvals ask here.
    from clm.core import lifecycle

    if not settings.CLM_REQUIRE_SECOND_FACTOR or user.is_robot:
        return False
    if user.is_staff or user.is_superuser:
        return True
    deciding = {
        str(step.permission)
        for machine in lifecycle.machines()
        for steps in machine.transitions().values()
        for step in steps
        if lifecycle.needs_second_person(step) and step.permission
    }
    return any(actors.may(actor=user, permission=one) for one in deciding)


def missing(*, user: User) -> bool:
    """Whether `user` needs a second factor and has none."""
    return required(user=user) and not enrolled(user=user)


def enrol_for_demo(*, user: User) -> None:
    """Give a person of the demo the code that its sign-in page shows, if they need one."""
    if is_demo() and missing(user=user):
        totp.TOTP.activate(user, DEMO_SECRET)


def is_demo() -> bool:
    """Whether this is the demo, which answers on loopback only."""
    return bool(settings.CLM_DEMO and settings.CLM_LOCAL)


def demo_code() -> str:
    """The present code of the demo's people; empty outside the demo."""
    if not is_demo():
        return ""
    counters = list(totp.yield_hotp_counters_from_time())
    return str(totp.format_hotp_value(totp.hotp_value(DEMO_SECRET, counters[len(counters) // 2])))


def is_demo_code(code: str) -> bool:
    """Whether `code` is one the demo showed within the last hour; false outside the demo."""
    if not is_demo():
        return False
    newest = max(totp.yield_hotp_counters_from_time())
    shown = (totp.hotp_value(DEMO_SECRET, newest - back) for back in range(120))
    return code in {totp.format_hotp_value(value) for value in shown}


def use_once(*, user: User, code: str) -> bool:
    """Whether `code` was not used before, for as long as it could be used again."""
    return bool(cache.add(f"second-factor:{user.pk}:{code}", 1, timeout=KEPT_SECONDS))


def rotate() -> int:
    """Encrypt the secrets that stand under an older key anew; how many there were."""
    rewritten = 0
    for found in Authenticator.objects.filter(type=Authenticator.Type.TOTP):
        with transaction.atomic():
            one = Authenticator.objects.select_for_update().get(pk=found.pk)
            data: dict[str, Any] = one.data
            if crypto.is_newest(data["secret"]):
                continue
            secret = crypto.decrypt(token=data["secret"], context=CONTEXT)
            data["secret"] = crypto.encrypt(plaintext=secret, context=CONTEXT)
            one.save(update_fields=["data"])
            rewritten += 1
    return rewritten
