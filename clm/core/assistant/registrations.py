"""What the assistant tells the rest of the house about itself."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clm.core import lifecycle
from clm.core.web import menu, transitions


def register() -> None:
    from clm.core.assistant import kpis, selectors, services
    from clm.core.assistant.models import Article

    lifecycle.register(
        Article, beside={"approve": services.replace_article, "retire": services.end_article}
    )
    transitions.register(
        Article,
        selector=selectors.visible_articles,
        url=lambda article: reverse("assistant:article", args=[article.name]),
    )
    menu.register(
        menu.MenuItem(
            "assistant", _("Assistant"), "message-chatbot", "assistant:articles",
            group="system", permission="assistant.view_article", order=43,
        )
    )  # fmt: skip
    kpis.register_all()
