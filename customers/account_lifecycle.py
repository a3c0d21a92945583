"""
The life of a consent to read accounts at another bank (Berlin Group NextGenPSD2, consents).

What the other bank says is followed; a customer, or we, can end it at any time.
"""

from typing import TYPE_CHECKING

from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.lifecycle import StateField, guard, transition

if TYPE_CHECKING:
    from customers.models import AccountConsent

#: Days that a consent may last: renewed strong authentication, Delegated Regulation (EU)
#: 2018/389 art. 10a.
MAX_DAYS = 180


class ConsentState(models.TextChoices):
    RECEIVED = "RECEIVED", _("Awaiting the customer")
    VALID = "VALID", _("In force")
    REJECTED = "REJECTED", _("Refused")
    REVOKED = "REVOKED", _("Withdrawn")
    EXPIRED = "EXPIRED", _("Expired")


#: States in which there is still something to end.
RUNNING = (ConsentState.RECEIVED, ConsentState.VALID)


@guard(_("The other bank knows of the consent"))
def is_known_there(consent: "AccountConsent", facts: None) -> bool:
    return bool(consent.external_id)


class AccountConsentLifecycle(models.Model):
    """RECEIVED -> VALID | REJECTED; either ends REVOKED or EXPIRED."""

    state = StateField(_("state"), choices=ConsentState.choices, default=ConsentState.RECEIVED)

    class Meta:
        abstract = True

    @transition(
        field=state,
        source=ConsentState.RECEIVED,
        target=ConsentState.VALID,
        conditions=[is_known_there],
        permission="customers.confirm_accountconsent",
        custom={"label": _("Authorised by the customer"), "policy": "OB-1", "automatic": True},
    )
    def confirm(self) -> None: ...

    @transition(
        field=state,
        source=ConsentState.RECEIVED,
        target=ConsentState.REJECTED,
        permission="customers.reject_accountconsent",
        custom={"label": _("Refused by the customer"), "policy": "OB-1", "automatic": True},
    )
    def reject(self) -> None: ...

    @transition(
        field=state,
        source=[ConsentState.RECEIVED, ConsentState.VALID],
        target=ConsentState.REVOKED,
        permission="customers.revoke_accountconsent",
        custom={"label": _("Withdraw"), "policy": "OB-2", "reason_required": True},
    )
    def revoke(self) -> None: ...

    @transition(
        field=state,
        source=[ConsentState.RECEIVED, ConsentState.VALID],
        target=ConsentState.EXPIRED,
        permission="customers.expire_accountconsent",
        custom={"label": _("Expired"), "policy": "OB-3", "automatic": True},
    )
    def expire(self) -> None: ...
