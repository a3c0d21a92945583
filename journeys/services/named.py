"""Journeys by their names, made where they are not there yet."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from clm.core import actors, records
from clm.core.models import User
from journeys.models import LIFE_CYCLE, Journey, JourneyFeed

#: What journeys' own pages are called in addresses.
TAKEN = frozenset({"dna", "maps", "personas", "projects"})


def life_cycle_journey(*, at: datetime) -> Journey:
    """The built-in journey, which the platform's own events fill."""
    return _get_or_make(
        slug=LIFE_CYCLE,
        name="Customer life cycle",
        source=Journey.Source.LIFE_CYCLE,
        actor=actors.system_user(),
        at=at,
    )


def journey_named(*, name: str, actor: User, at: datetime) -> Journey:
    """
    The imported journey of this name, made if there is none.

    :raises ValidationError: the name is empty, or it is the built-in journey's
    """
    slug = slugify(name)[:120]
    if slug in TAKEN:
        slug = f"{slug}-journey"
    if not slug:
        raise ValidationError(_("A journey needs a name with letters or digits."))
    if slug == LIFE_CYCLE:
        raise ValidationError(_("The built-in journey is filled by the platform’s own events."))
    return _get_or_make(
        slug=slug, name=name[:120], source=Journey.Source.IMPORTED, actor=actor, at=at
    )


def _get_or_make(*, slug: str, name: str, source: str, actor: User, at: datetime) -> Journey:
    found = Journey.objects.filter(slug=slug).first()
    if found is not None:
        return found
    try:
        with transaction.atomic():
            journey = records.create(
                record=Journey(slug=slug, name=name, source=source),
                actor=actor,
                at=at,
                payload={"slug": slug, "source": source},
            )
            JourneyFeed.objects.create(journey=journey)
            return journey
    except (IntegrityError, ValidationError):
        # Somebody else made it in the meantime; whatever else was wrong is still wrong.
        found = Journey.objects.filter(slug=slug).first()
        if found is None:
            raise
        return found
