"""The tables of the kit. Nothing here knows a bank word."""

from clm.core.models.access import AccessLog, SignInAttempts
from clm.core.models.api import IdempotencyKey
from clm.core.models.approvals import Approval
from clm.core.models.events import ChainHead, Delivery, Event, EventDetail, Seal, SealLeaf
from clm.core.models.jobs import Job, JobError, ScheduledRun
from clm.core.models.records import Record
from clm.core.models.users import Branch, User
from clm.core.models.work import SavedView, Task

__all__ = [
    "AccessLog",
    "Approval",
    "Branch",
    "ChainHead",
    "Delivery",
    "Event",
    "EventDetail",
    "IdempotencyKey",
    "Job",
    "JobError",
    "Record",
    "SavedView",
    "ScheduledRun",
    "Seal",
    "SealLeaf",
    "SignInAttempts",
    "Task",
    "User",
]
