"""`assistant/articles`."""

from typing import Any, ClassVar

from clm.core.api.router import ApiRouter
from clm.core.api.serializers import RecordSerializer
from clm.core.api.views import RecordViewSet
from clm.core.assistant import selectors, services
from clm.core.assistant.models import Article


class ArticleSerializer(RecordSerializer):
    """One version of an answer, with the ways in which people ask for it."""

    class Meta:
        model = Article
        fields: ClassVar = [
            "id", "name", "number", "state", *services.TEXTS, "note", "origin", "in_force_from",
            "in_force_until", "version", "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields: ClassVar = ["number", "origin", "in_force_from", "in_force_until"]
        validators: ClassVar[list[Any]] = []


class ArticleViewSet(RecordViewSet):
    """
    What the assistant may say. POST drafts the next version of a name, PATCH changes a draft; a
    person who did not propose it puts it in force.
    """

    serializer_class = ArticleSerializer
    selector = staticmethod(selectors.visible_articles)
    scopes = {"read": "assistant:read", "write": "assistant:write"}
    permissions = {"create": "assistant.change_article"}
    filters = ("name", "state", "number")
    ordering_fields = ("number",)
    http_method_names = ["get", "head", "post", "patch"]

    def make(self, data: dict[str, Any]) -> Article:
        texts, note = _parts(data)
        return services.draft_article(
            name=data["name"], texts=texts, note=note, actor=self.actor, at=self.at
        )

    def change(self, record: Article, data: dict[str, Any], version: int | None) -> Article:
        texts, note = _parts(data)
        return services.change_draft(
            article=record, texts=texts, note=note or record.note, actor=self.actor, at=self.at
        )


def _parts(data: dict[str, Any]) -> tuple[dict[str, str], str]:
    return {key: data[key] for key in services.TEXTS if key in data}, data.get("note", "")


def register(router: ApiRouter) -> None:
    router.register("assistant/articles", ArticleViewSet, basename="articles")
