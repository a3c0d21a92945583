"""Addresses of My page: the way in, and a page for each entry of the registry."""

from django.urls import path

from clm.core import registries
from customers.web.mypage import consents, data, documents, pages, signing_in

app_name = "my"
urlpatterns = [
    path("", pages.HomeView.as_view(), name="home"),
    path("login/", signing_in.LoginView.as_view(), name="login"),
    path("login/start/", signing_in.StartView.as_view(), name="start"),
    path("login/back/", signing_in.BackView.as_view(), name="back"),
    path("logout/", signing_in.LogoutView.as_view(), name="logout"),
    path("details/<slug:field>/", pages.CorrectionView.as_view(), name="correction"),
    path("consents/stop/", consents.StopReadingView.as_view(), name="stop_reading"),
    path("documents/file/", documents.FileView.as_view(), name="document_file"),
    path("data/file/", data.FileView.as_view(), name="file"),
    *[path(f"{one.name}/", one.view.as_view(), name=one.name) for one in registries.own_pages],
]
