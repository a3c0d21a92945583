from django.urls import path

from offboarding.web import views

app_name = "offboarding"

urlpatterns = [
    path("", views.ListView.as_view(), name="list"),
    path("closures/new/", views.NewClosureView.as_view(), name="new"),
    path("closures/<uuid:pk>/", views.ClosureView.as_view(), name="closure"),
    path("closures/<uuid:pk>/exit/", views.ExitView.as_view(), name="exit"),
    path("closures/<uuid:pk>/recheck/", views.RecheckView.as_view(), name="recheck"),
    path(
        "closures/<uuid:pk>/obligations/<uuid:obligation>/confirm/",
        views.ObligationView.as_view(),
        {"decision": "confirm"},
        name="confirm",
    ),
    path(
        "closures/<uuid:pk>/obligations/<uuid:obligation>/waive/",
        views.ObligationView.as_view(),
        {"decision": "waive"},
        name="waive",
    ),
]
