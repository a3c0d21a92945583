"""Work of customers that comes by itself: talks with other banks, maturities, what waits."""

from datetime import datetime, timedelta
from uuid import UUID

from celery import shared_task
from django.utils import timezone

from clm.core import actors
from clm.core.schedule import periodic
from customers import services
from customers.openbanking.talk import talk


@shared_task(name="customers.talk_to_bank")  # type: ignore[untyped-decorator]
def talk_to_bank(consent_id: str) -> None:
    talk(consent_id=UUID(consent_id), clock=timezone.now)


@periodic("customers.open_banking", every=timedelta(seconds=15))
def call_banks(*, at: datetime) -> None:
    """Hand every talk that is due to a worker; end the consents whose time is over."""
    services.expire_account_consents(at=at)
    for consent_id in services.due_talks(at=at):
        talk_to_bank.delay(str(consent_id))


@periodic("customers.maturities", every=timedelta(days=1), offset=timedelta(hours=4))
def announce_maturities(*, at: datetime) -> None:
    services.announce_maturities(at=at)


@periodic("customers.parked", every=timedelta(hours=1))
def retry_parked(*, at: datetime) -> None:
    """What waited for its holding goes in once the holding is there."""
    services.retry_parked(at=at)


@periodic("customers.documents", every=timedelta(days=1), offset=timedelta(hours=3))
def look_after_documents(*, at: datetime) -> None:
    """Nightly: documents expire, and those that soon will are announced."""
    while services.expire_documents(at=at):
        pass
    while services.announce_expiring(at=at):
        pass


@periodic("customers.dormant", every=timedelta(days=1), offset=timedelta(hours=2))
def mark_dormant(*, at: datetime) -> None:
    """Nightly: customers without a transaction for 24 months go to sleep."""
    while services.mark_dormant_customers(actor=actors.system_user(), at=at):
        pass


@periodic("customers.duplicates", every=timedelta(days=7), offset=timedelta(days=3, hours=1))
def search_duplicates(*, at: datetime) -> None:
    """
    On Sunday nights all are compared with all; whoever changes is compared at once anyway.

    The days of the epoch begin on a Thursday.
    """
    services.start_weekly_search(at=at)
