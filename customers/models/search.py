"""Searches for people, kept so that a page's address carries an opaque id and no name or number."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.ids import uuid7


class CustomerSearch(models.Model):
    """What one member of staff searched for, encrypted; the searcher alone may open it again."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    ciphertext = models.TextField(editable=False)
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("customer search")
        verbose_name_plural = _("customer searches")
        indexes = [models.Index(fields=["at"], name="customer_search_at")]

    def __str__(self) -> str:
        return str(self.id)
