from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.ids import uuid7
from clm.core.models.records import Record


class Task(Record):
    """Something a person is to do by a time, about one record."""

    title = models.CharField(_("title"), max_length=200)
    record_type = models.CharField(max_length=80, blank=True)
    record_id = models.UUIDField(null=True, blank=True)
    url = models.CharField(max_length=255, blank=True)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("for"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="tasks",
    )
    due_at = models.DateTimeField(_("due at"), null=True, blank=True)
    done_at = models.DateTimeField(_("done at"), null=True, blank=True)

    class Meta:
        verbose_name = _("task")
        verbose_name_plural = _("tasks")
        indexes = [models.Index(fields=["assignee", "due_at"], name="task_mine")]

    def __str__(self) -> str:
        return self.title


class SavedView(models.Model):
    """A list's filters under a name; own, or shared with everyone who may open the list."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    page = models.CharField(max_length=80)
    name = models.CharField(_("name"), max_length=60)
    query = models.CharField(max_length=1000)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
    shared = models.BooleanField(_("shared"), default=False)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint(fields=["page", "owner", "name"], name="saved_view_once")
        ]

    def __str__(self) -> str:
        return self.name
