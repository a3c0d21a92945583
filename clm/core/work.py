"""Work items: something a person is to do by a time."""

from datetime import datetime

from django.db.models import QuerySet

from clm.core import records
from clm.core.models import Record, Task, User


def add_task(
    *,
    title: str,
    record: Record | None,
    assignee: User | None,
    due_at: datetime | None,
    actor: User,
    at: datetime,
    url: str = "",
) -> Task:
    """Give someone something to do."""
    task = Task(
        title=title,
        record_type=record._meta.label if record else "",
        record_id=record.pk if record else None,
        assignee=assignee,
        due_at=due_at,
        url=url,
    )
    return records.create(record=task, actor=actor, at=at)


def finish_task(*, task: Task, actor: User, at: datetime) -> Task:
    """Mark it done; done twice is done once."""
    if task.done_at is not None:
        return task
    return records.change(record=task, changes={"done_at": at}, actor=actor, at=at)


def open_tasks(*, actor: User) -> QuerySet[Task]:
    """The actor's open tasks, the most pressing first."""
    return Task.objects.filter(assignee=actor, done_at=None).order_by("due_at", "id")
