from django.urls import path

from engagement.web import views

app_name = "engagement"

urlpatterns = [
    path("", views.IndexView.as_view(), name="index"),
    path("customers/<uuid:customer>/new/", views.NewInteractionView.as_view(), name="new"),
]
