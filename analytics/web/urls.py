from django.urls import path

from analytics.web import figures, views

app_name = "analytics"

urlpatterns = [
    path("", views.ChurnView.as_view(), name="churn"),
    path("scores/<uuid:pk>/", views.ScoreView.as_view(), name="score"),
    path("score/", views.ScoringView.as_view(), name="score-now"),
    path("train/", views.TrainView.as_view(), name="train"),
    path("kpis/", figures.KpisView.as_view(), name="kpis"),
    path("kpis/<str:name>/", figures.KpiView.as_view(), name="kpi"),
    path("benefits/", figures.BenefitsView.as_view(), name="benefits"),
    path("ledger/", figures.LedgerView.as_view(), name="ledger"),
    path("models/<uuid:pk>/", views.ModelView.as_view(), name="model"),
]
