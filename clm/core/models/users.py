from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.translation import gettext_lazy as _

from clm.core.history import tracked
from clm.core.ids import uuid7


@tracked(table="core_branch")
class Branch(models.Model):
    """A unit of the organisation that people and records belong to."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    code = models.SlugField(_("code"), unique=True)
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        verbose_name = _("branch")
        verbose_name_plural = _("branches")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


@tracked(table="core_user", exclude=["password"], silent=["last_login"])
class User(AbstractUser):
    """Someone who acts: a person, an API client (robot) or the system itself (robot)."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("As the system")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class Reach(models.TextChoices):
        OWN = "own", _("Own portfolio")
        BRANCH = "branch", _("Own branch")
        ALL = "all", _("Everything")

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    branch = models.ForeignKey(
        Branch, verbose_name=_("branch"), null=True, blank=True, on_delete=models.PROTECT
    )
    is_robot = models.BooleanField(_("robot"), default=False)
    robot_reach = models.CharField(
        _("reach of a robot"), max_length=8, choices=Reach.choices, blank=True
    )
    language = models.CharField(_("language"), max_length=8, default="da")
    theme = models.CharField(_("theme"), max_length=8, choices=Theme.choices, default=Theme.SYSTEM)
    shortcuts = models.BooleanField(_("keyboard shortcuts"), default=True)

    class Meta(AbstractUser.Meta):
        verbose_name = _("user")  # type: ignore[assignment]
        verbose_name_plural = _("users")  # type: ignore[assignment]

    def __str__(self) -> str:
        return self.get_full_name() or self.username

    @property
    def initials(self) -> str:
        """Up to two letters for the avatar."""
        letters = [part[0] for part in str(self).split() if part]
        return "".join(letters[:1] + letters[1:][-1:]).upper()
