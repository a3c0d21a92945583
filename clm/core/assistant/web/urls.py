from django.urls import path

from clm.core.assistant.web import views

app_name = "assistant"
urlpatterns = [
    path("", views.ArticlesView.as_view(), name="articles"),
    path("new/", views.NewArticleView.as_view(), name="new"),
    path("try/", views.TryView.as_view(), name="try"),
    path("<slug:name>/", views.ArticleView.as_view(), name="article"),
]
