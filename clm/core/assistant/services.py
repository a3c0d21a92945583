"""Articles: drafted, put in force, replaced; and keeping count of answers."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import connection, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from clm.core import actors, lifecycle, records
from clm.core.assistant.models import Answer, Article
from clm.core.assistant.topics import topics
from clm.core.lifecycle import RulesState
from clm.core.models import User

#: What people write who look after articles, apart from their name.
TEXTS = (
    "title_da", "title_en", "body_da", "body_en", "asked_da", "asked_en", "keywords_da",
    "keywords_en",
)  # fmt: skip
WORDS_KEPT = timedelta(days=90)


def draft_article(
    *, name: str, texts: Mapping[str, str], note: str, actor: User, at: datetime
) -> Article:
    """
    The next version of an article, or the first of a new one, as a draft.

    :param texts: by the names in `TEXTS`
    :raises PermissionDenied: `actor` may not write articles
    :raises ValidationError: a language without title or answer, no note, or a draft is open
    """
    if not actors.may(actor=actor, permission="assistant.change_article"):
        raise PermissionDenied(_("You may not write articles of the assistant."))
    if not note.strip():
        raise ValidationError({"note": _("Say what changes and why.")})
    if topics.get(name):
        raise ValidationError({"name": _("This name is taken.")})
    with transaction.atomic():
        number = _next_number(name)
        if Article.objects.filter(
            name=name, state__in=[RulesState.DRAFT, RulesState.PENDING]
        ).exists():
            raise ValidationError(
                {"name": _("There is a draft of this article already: change that one.")}
            )
        article = Article(
            name=name, number=number, note=note.strip(),
            **{key: texts.get(key, "").strip() for key in TEXTS},
        )  # fmt: skip
        return records.create(
            record=article, actor=actor, at=at, payload={"name": name, "number": number}
        )


def change_draft(
    *, article: Article, texts: Mapping[str, str], note: str, actor: User, at: datetime
) -> Article:
    """
    Other words in a draft; one that waits for approval is sent back first.

    :raises PermissionDenied: `actor` may not write articles
    :raises ValidationError: it is no draft, or a field does not hold
    """
    if not actors.may(actor=actor, permission="assistant.change_article"):
        raise PermissionDenied(_("You may not write articles of the assistant."))
    with transaction.atomic():
        locked = Article.objects.select_for_update().get(pk=article.pk)
        if locked.state != RulesState.DRAFT:
            raise ValidationError(_("Only a draft can be changed."))
        changes = {key: texts[key].strip() for key in TEXTS if key in texts}
        return records.change(
            record=locked, changes={**changes, "note": note.strip()}, actor=actor, at=at
        )


def replace_article(*, record: Article, actor: User, at: datetime) -> None:
    """Beside `approve`, in its transaction: the version before ends when this one begins."""
    for one in Article.objects.filter(name=record.name, state=RulesState.IN_FORCE):
        lifecycle.perform(
            record=one, name="retire", actor=actors.system_user(), at=at,
            reason=_("Version %(number)s replaces it.") % {"number": record.number},
        )  # fmt: skip
    Article.objects.filter(pk=record.pk).update(in_force_from=at)
    record.in_force_from = at


def end_article(*, record: Article, actor: User, at: datetime) -> None:
    """Beside `retire`."""
    Article.objects.filter(pk=record.pk).update(in_force_until=at)
    record.in_force_until = at


def load_articles(*, model: Any, shipped: Iterable[Mapping[str, Any]], at: datetime) -> int:
    """
    Add shipped articles of names that have none; loading again changes nothing. For migrations.

    :param model: the model as the migration has it
    :returns: how many
    """
    known = set(model.objects.values_list("name", flat=True))
    fresh = [
        model(
            name=one["name"], number=1, origin=Article.Origin.SHIPPED, state=RulesState.IN_FORCE,
            in_force_from=at, created_at=at, updated_at=at,
            **{key: one[key] for key in TEXTS if isinstance(one[key], str)},
            **{key: "\n".join(one[key]) for key in ("asked_da", "asked_en")},
            **{key: ", ".join(one[key]) for key in ("keywords_da", "keywords_en")},
        )
        for one in shipped if one["name"] not in known
    ]  # fmt: skip
    model.objects.bulk_create(fresh)
    return len(fresh)


def note_hand_over(*, answer_id: Any, at: datetime) -> None:
    """A person takes over what this answer was about; said once, counted once."""
    lately = Answer.objects.filter(at__gt=at - timedelta(hours=1), handed_over_at=None)
    lately.filter(pk=answer_id).update(handed_over_at=at)


def forget_words(*, at: datetime) -> int:
    """Empty the words of questions that are older than 90 days; how many there were."""
    old = Answer.objects.filter(at__lt=at - WORDS_KEPT).exclude(words="")
    return old.update(words="")


def _next_number(name: str) -> int:
    with connection.cursor() as cursor:
        # Two who draft at once get two numbers, or the second is told of the first's draft.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('assistant.article'))")
    last = Article.objects.filter(name=name).aggregate(last=Max("number"))["last"]
    return (last or 0) + 1
