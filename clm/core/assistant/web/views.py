"""The knowledge base: what the assistant says, what it did not know, and trying it."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from clm.core import actors
from clm.core.assistant import answering, selectors, services
from clm.core.assistant.models import Article
from clm.core.assistant.retrieval import Found
from clm.core.assistant.topics import topics
from clm.core.lifecycle import RulesState
from clm.core.web.views import StaffFormView, StaffRequest, StaffView

OPEN = (RulesState.DRAFT, RulesState.PENDING)


class ArticleForm(forms.Form):
    """One version of an article, in both languages."""

    name = forms.SlugField(
        label=gettext_lazy("Name"),
        max_length=40,
        help_text=gettext_lazy("In small letters, for ever: opening-hours"),
    )
    title_da = forms.CharField(label=gettext_lazy("Title in Danish"), max_length=120)
    title_en = forms.CharField(label=gettext_lazy("Title in English"), max_length=120)
    body_da = forms.CharField(
        label=gettext_lazy("Answer in Danish"), max_length=3000, widget=forms.Textarea({"rows": 5})
    )
    body_en = forms.CharField(
        label=gettext_lazy("Answer in English"), max_length=3000, widget=forms.Textarea({"rows": 5})
    )
    asked_da = forms.CharField(
        label=gettext_lazy("How people ask in Danish"),
        max_length=4000,
        required=False,
        help_text=gettext_lazy("One question a line."),
        widget=forms.Textarea({"rows": 4}),
    )
    asked_en = forms.CharField(
        label=gettext_lazy("How people ask in English"),
        max_length=4000,
        required=False,
        help_text=gettext_lazy("One question a line."),
        widget=forms.Textarea({"rows": 4}),
    )
    keywords_da = forms.CharField(
        label=gettext_lazy("Words for it in Danish"),
        max_length=2000,
        required=False,
        help_text=gettext_lazy("Synonyms, with commas between them."),
        widget=forms.Textarea({"rows": 2}),
    )
    keywords_en = forms.CharField(
        label=gettext_lazy("Words for it in English"),
        max_length=2000,
        required=False,
        help_text=gettext_lazy("Synonyms, with commas between them."),
        widget=forms.Textarea({"rows": 2}),
    )
    note = forms.CharField(label=gettext_lazy("What changes and why"), max_length=300)


def _language() -> str:
    return "da" if (get_language() or "").startswith("da") else "en"


class ArticlesView(StaffView):
    """Every article with what is in force and what waits, and how the assistant does."""

    template_name = "assistant/articles.html"
    permission = "assistant.view_article"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        actor, language = self.request.user, _language()
        found: dict[str, list[Article]] = {}
        for one in selectors.visible_articles(actor=actor):
            found.setdefault(one.name, []).append(one)
        rows = []
        for name, versions in found.items():
            now = next((one for one in versions if one.state == RulesState.IN_FORCE), None)
            to_come = next((one for one in versions if one.state in OPEN), None)
            shown = now or to_come or versions[0]
            rows.append(
                {
                    "name": name,
                    "title": shown.title_in(language),
                    "now": now,
                    "to_come": to_come,
                    "versions": len(versions),
                }
            )
        rows.sort(key=lambda row: (row["to_come"] is None, str(row["title"]).casefold()))
        may_change = actors.may(actor=actor, permission="assistant.change_article")
        return super().get_context_data(
            **{
                "rows": rows,
                "figures": selectors.figures(at=timezone.now()),
                # What customers wrote is for those who make articles of it.
                "not_known": selectors.not_known() if may_change else [],
                "may_change": may_change,
                **kwargs,
            }
        )


class TryView(ArticlesView):
    """POST `question`: what would be found, with its scores; it is not counted."""

    http_method_names = ["post"]

    def post(self, request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        question = request.POST.get("question", "")
        near = answering.nearest(question=question)
        titles = {one.name: one.title_in(_language()) for one in selectors.articles_in_force()} | {
            one.name: str(one.title) for one in topics
        }
        context = self.get_context_data(
            question=question[: answering.LONGEST],
            tried=[(titles.get(name, name), score) for name, score in near],
            verdict=answering.judge([Found(*one) for one in near]),
        )
        return self.render_to_response(context)


class ArticleView(StaffFormView):
    """One article: its versions, and the form of the next one or of the draft."""

    template_name = "assistant/article.html"
    permission = "assistant.view_article"
    form_class = ArticleForm

    def get_form(self, form_class: Any = None) -> Any:
        form = super().get_form(form_class)
        form.fields["name"].disabled = True
        form.fields["name"].widget = forms.HiddenInput()
        return form

    def versions(self) -> list[Article]:
        found = selectors.visible_articles(actor=self.request.user)
        versions = list(found.filter(name=self.kwargs["name"]).order_by("-number"))
        if not versions:
            raise Http404
        return versions

    def get_initial(self) -> dict[str, Any]:
        last = self.versions()[0]
        texts = {key: getattr(last, key) for key in services.TEXTS}
        return {"name": last.name, **texts, "note": last.note if last.state in OPEN else ""}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        versions, language = self.versions(), _language()
        now = next((one for one in versions if one.state == RulesState.IN_FORCE), None)
        draft = next((one for one in versions if one.state in OPEN), None)
        return {
            **super().get_context_data(**kwargs),
            "title": (now or versions[0]).title_in(language),
            "now": now,
            "draft": draft,
            "before": [one for one in versions if one.state == RulesState.RETIRED],
            "may_change": actors.may(actor=self.request.user, permission="assistant.change_article")
            and (draft is None or draft.state == RulesState.DRAFT),
        }

    def form_valid(self, form: Any) -> HttpResponse:
        data = {**form.cleaned_data, "name": self.kwargs["name"]}
        draft = next((one for one in self.versions() if one.state in OPEN), None)
        common: dict[str, Any] = {
            "texts": {key: data[key] for key in services.TEXTS},
            "note": data["note"],
            "actor": self.request.user,
            "at": timezone.now(),
        }
        try:
            if draft is not None:
                services.change_draft(article=draft, **common)
            else:
                services.draft_article(name=data["name"], **common)
        except ValidationError as exc:
            form.add_error(None, exc.messages)
            return self.form_invalid(form)
        messages.success(self.request, _("The draft is kept."))
        return HttpResponseRedirect(reverse("assistant:article", args=[data["name"]]))


class NewArticleView(StaffFormView):
    """The first version of a new article."""

    template_name = "assistant/new.html"
    permission = "assistant.change_article"
    form_class = ArticleForm

    def form_valid(self, form: Any) -> HttpResponse:
        data = form.cleaned_data
        if selectors.visible_articles(actor=self.request.user).filter(name=data["name"]).exists():
            form.add_error("name", _("This name is taken."))
            return self.form_invalid(form)
        try:
            services.draft_article(
                name=data["name"], texts={key: data[key] for key in services.TEXTS},
                note=data["note"], actor=self.request.user, at=timezone.now(),
            )  # fmt: skip
        except ValidationError as exc:
            form.add_error(None, exc.messages)
            return self.form_invalid(form)
        messages.success(self.request, _("The draft is kept."))
        return HttpResponseRedirect(reverse("assistant:article", args=[data["name"]]))
