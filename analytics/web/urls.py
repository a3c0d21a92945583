from django.urls import path

from analytics.web import views

app_name = "analytics"

urlpatterns = [
    path("", views.ChurnView.as_view(), name="churn"),
    path("models/<uuid:pk>/", views.ModelView.as_view(), name="model"),
]
