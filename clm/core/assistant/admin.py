from django.contrib import admin

from clm.core.admin import ReadOnlyAdmin, RecordAdmin
from clm.core.assistant import selectors
from clm.core.assistant.models import Answer, Article


@admin.register(Article)
class ArticleAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_articles)
    list_display = ("name", "number", "state", "origin", "in_force_from", "in_force_until")
    list_filter = ("state", "origin")
    search_fields = ("name", "title_da", "title_en")


@admin.register(Answer)
class AnswerAdmin(ReadOnlyAdmin):
    list_display = ("at", "place", "language", "outcome", "source", "seconds", "handed_over_at")
    list_filter = ("outcome", "place", "language")
