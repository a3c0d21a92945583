"""How often a password may be tried: counted by user name under a row lock, whoever tries from where."""

from datetime import datetime, timedelta

from django.db import transaction

from clm.core import crypto
from clm.core.models import SignInAttempts

WINDOW = timedelta(minutes=15)
TRIES = 10


def take_try(*, username: str, at: datetime, tries: int = TRIES) -> bool:
    """
    Count one try before the password is looked at; False when the window's are used up.

    :param tries: how many a window; more where many people share what is counted by

    Tries at the same moment wait for one another, so none slips through uncounted.
    """
    name = _index(username)
    with transaction.atomic():
        SignInAttempts.objects.bulk_create(
            [SignInAttempts(name=name, since=at)], ignore_conflicts=True
        )
        row = SignInAttempts.objects.select_for_update().get(name=name)
        if row.since <= at - WINDOW:
            row.since, row.count = at, 0
        if row.count >= tries:
            return False
        row.count += 1
        row.save(update_fields=["since", "count"])
    return True


def forget_tries(*, username: str) -> None:
    """After the right password: the count begins anew."""
    SignInAttempts.objects.filter(name=_index(username)).delete()


def forget_old_tries(*, at: datetime) -> int:
    """Delete what is past its window; how many there were."""
    return SignInAttempts.objects.filter(since__lte=at - WINDOW).delete()[0]


def _index(username: str) -> str:
    return crypto.blind_index(value=username.strip().lower(), purpose="sign-in").hex()
