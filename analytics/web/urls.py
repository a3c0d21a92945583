from django.urls import path

from analytics.web import views

app_name = "analytics"

urlpatterns = [
    path("", views.ChurnView.as_view(), name="churn"),
    path("scores/<uuid:pk>/", views.ScoreView.as_view(), name="score"),
    path("score/", views.ScoringView.as_view(), name="score-now"),
    path("train/", views.TrainView.as_view(), name="train"),
    path("models/<uuid:pk>/", views.ModelView.as_view(), name="model"),
]
