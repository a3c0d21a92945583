from django.urls import path

from journeys.web import views

app_name = "journeys"

urlpatterns = [
    path("", views.JourneysView.as_view(), name="journeys"),
    path("<slug:slug>/", views.FrictionView.as_view(), name="friction"),
    path("<slug:slug>/customers/", views.StepCustomersView.as_view(), name="customers"),
]
