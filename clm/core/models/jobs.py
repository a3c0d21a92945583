from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.ids import uuid7


class Job(models.Model):
    """
    Long work with progress, done in steps; one step is one transaction.

    `cursor` is saved together with what the step wrote, so a killed worker resumes where
    the last whole step ended.
    """

    class State(models.TextChoices):
        QUEUED = "QUEUED", _("Waiting")
        RUNNING = "RUNNING", _("Running")
        DONE = "DONE", _("Done")
        FAILED = "FAILED", _("Failed")
        CANCELLED = "CANCELLED", _("Cancelled")

    OPEN = (State.QUEUED, State.RUNNING)

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    kind = models.CharField(_("kind"), max_length=80)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    parameters = models.JSONField(_("parameters"), default=dict)
    cursor = models.JSONField(default=dict)
    done = models.PositiveBigIntegerField(_("done"), default=0)
    total = models.PositiveBigIntegerField(_("of"), null=True)
    message = models.TextField(_("message"), blank=True)
    outcome = models.JSONField(_("outcome"), default=dict)
    file = models.CharField(max_length=255, blank=True)
    file_name = models.CharField(_("file"), max_length=255, blank=True)
    result_file = models.CharField(max_length=255, blank=True)
    result_name = models.CharField(max_length=255, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("started by"), on_delete=models.PROTECT
    )
    created_at = models.DateTimeField(_("created at"))
    started_at = models.DateTimeField(_("started at"), null=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    lease_until = models.DateTimeField(null=True)
    cancel_asked = models.BooleanField(default=False)
    attempts = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = _("job")
        verbose_name_plural = _("jobs")
        indexes = [
            models.Index(
                fields=["lease_until"],
                name="job_open",
                condition=models.Q(state__in=["QUEUED", "RUNNING"]),
            ),
            models.Index(fields=["created_by", "-created_at"], name="job_mine"),
        ]
        permissions = [("view_all_jobs", _("Can see the jobs of others"))]

    def __str__(self) -> str:
        return f"{self.kind} {self.state}"

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN


class JobError(models.Model):
    """One thing a job could not do: where, and why."""

    id = models.BigAutoField(primary_key=True)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="errors")
    line = models.PositiveIntegerField(_("line"), null=True)
    column = models.CharField(_("column"), max_length=80, blank=True)
    code = models.CharField(max_length=40)
    detail = models.TextField(_("reason"))

    class Meta:
        verbose_name = _("job error")
        verbose_name_plural = _("job errors")

    def __str__(self) -> str:
        return self.detail


class ScheduledRun(models.Model):
    """One period of a periodic task; unique, so that two schedulers do not double it."""

    id = models.BigAutoField(primary_key=True)
    name = models.CharField(_("task"), max_length=80)
    period = models.DateTimeField(_("period"))
    started_at = models.DateTimeField(_("started at"))
    done_at = models.DateTimeField(_("done at"), null=True)
    error = models.TextField(_("error"), blank=True)

    class Meta:
        verbose_name = _("scheduled run")
        verbose_name_plural = _("scheduled runs")
        constraints = [
            models.UniqueConstraint(fields=["name", "period"], name="scheduled_run_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.period:%Y-%m-%d %H:%M}"
