"""Addresses of the customer link: the way in holds the secret, no page after it does."""

from django.urls import path

from onboarding.web import link, link_identity, questions

app_name = "link"
urlpatterns = [
    path("", link.HomeView.as_view(), name="home"),
    path("tasks/<slug:key>/", link.TaskView.as_view(), name="task"),
    path("consents/", link.ConsentsView.as_view(), name="consents"),
    path("send/", link.SendView.as_view(), name="send"),
    path("contest/", link.ContestView.as_view(), name="contest"),
    path("ask/", questions.LinkAskView.as_view(), name="ask"),
    path("later/", link.LaterView.as_view(), name="later"),
    path("identity/", link_identity.StartView.as_view(), name="identity"),
    path("identity/back/", link_identity.BackView.as_view(), name="identity_back"),
    path("<str:secret>/", link.BeginView.as_view(), name="begin"),
]
