"""When a list says of itself that it was made."""

from datetime import UTC, datetime


def moment(text: str) -> datetime | None:
    """An ISO date or instant; without an offset it is taken as UTC. None for anything else."""
    try:
        found = datetime.fromisoformat(text.strip())
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
