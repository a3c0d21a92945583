"""The proof of a consent: what was agreed to, by which words, what ended it, and where it is written."""

from dataclasses import dataclass
from datetime import datetime

from clm.core.evidence import Evidence, evidence
from clm.core.models import Event
from customers.models import OWN_DECISIONS, Channel, ConsentEntry, Decision
from customers.selectors.contact import reaches
from customers.selectors.duplicates import merged_records


@dataclass(frozen=True)
class Proof:
    """
    One line of the ledger with everything that shows it (GDPR art. 7(1)).

    :param text: the words in the language in which they were shown; empty where none were
    :param ended_by: the line that ended the consent for all its channels
    :param narrowed_by: lines that ended it for one of its channels alone
    :param evidence: its event in the audit trail; None for lines taken over with the customer
    """

    entry: ConsentEntry
    text: str
    ended_by: ConsentEntry | None
    narrowed_by: tuple[ConsentEntry, ...]
    evidence: Evidence | None

    @property
    def in_force(self) -> bool:
        return self.entry.decision == Decision.GIVEN and self.ended_by is None


def proof(*, entry: ConsentEntry, at: datetime) -> Proof:
    """The proof of a line as things stand at an instant."""
    ended: ConsentEntry | None = None
    narrowed: list[ConsentEntry] = []
    if entry.decision == Decision.GIVEN:
        for line in _after(entry, at):
            if line.channel in (entry.channel, Channel.ANY):
                ended = line
                break
            if entry.channel == Channel.ANY and line.decision != Decision.GIVEN:
                narrowed.append(line)
    wording = entry.wording
    return Proof(
        entry=entry,
        text=wording.text_in(entry.language) if wording else "",
        ended_by=ended,
        narrowed_by=tuple(narrowed),
        evidence=_evidence(entry),
    )


def _after(entry: ConsentEntry, at: datetime) -> list[ConsentEntry]:
    """What the customer said later about the same, the oldest first."""
    lines = ConsentEntry.objects.filter(
        customer_id=entry.customer_id, at__gte=entry.at, at__lte=at, decision__in=OWN_DECISIONS
    ).select_related("recorded_by", "wording")
    return [
        line
        for line in lines.order_by("at", "id")
        if line.pk != entry.pk
        and (line.purpose == entry.purpose or reaches(line, entry.purpose))
        and (line.at > entry.at or line.decision != Decision.GIVEN)
    ]


def _evidence(entry: ConsentEntry) -> Evidence | None:
    """The event that tells of the line: on the customer's chain, or on a merged record's."""
    merged = merged_records(customer_id=entry.customer_id)
    event = (
        Event.objects.filter(
            record_id__in=[entry.customer_id, *merged],
            at=entry.at,
            payload__consent_id=str(entry.pk),
        )
        .select_related("actor")
        .first()
    )
    return evidence(event=event) if event else None
