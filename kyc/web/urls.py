from django.urls import path

from kyc.web import alerts, gaps, lists, queue, reports, review, risk, rules, uploads

app_name = "kyc"

urlpatterns = [
    path("", queue.QueueView.as_view(), name="queue"),
    path("assign/", queue.AssignView.as_view(), name="assign"),
    path("cases/<uuid:pk>/", queue.CaseView.as_view(), name="case"),
    path("cases/<uuid:pk>/file/", queue.CaseFileView.as_view(), name="case_file"),
    path("hits/<uuid:pk>/", review.HitView.as_view(), name="hit"),
    path("hits/<uuid:pk>/decide/", review.DecideView.as_view(), name="decide"),
    path("hits/<uuid:pk>/undo/", review.UndoView.as_view(), name="undo"),
    path("alerts/", alerts.AlertsView.as_view(), name="alerts"),
    path("alerts/<uuid:pk>/", alerts.AlertView.as_view(), name="alert"),
    path("rules/", rules.RulesView.as_view(), name="rules"),
    path("rules/<slug:kind>/", rules.RuleView.as_view(), name="rule"),
    path("rules/<uuid:pk>/replay/", rules.ReplayView.as_view(), name="replay"),
    path("lists/", lists.ListsView.as_view(), name="lists"),
    path("lists/upload/", uploads.UploadView.as_view(), name="upload"),
    path("lists/<uuid:pk>/accept/", lists.AcceptView.as_view(), name="accept"),
    path("lists/<uuid:pk>/discard/", lists.DiscardView.as_view(), name="discard"),
    path("gaps/", gaps.GapsView.as_view(), name="gaps"),
    path("gaps/look/", gaps.LookView.as_view(), name="gaps-look"),
    path("gaps/export/", gaps.GapsFileView.as_view(), name="gaps-file"),
    path("risk/", risk.RiskModelsView.as_view(), name="risk-models"),
    path("risk/draft/", risk.RiskDraftView.as_view(), name="risk-draft"),
    path("risk/<uuid:pk>/", risk.RiskModelView.as_view(), name="risk-model"),
    path("risk/<uuid:pk>/edit/", risk.RiskEditView.as_view(), name="risk-edit"),
    path("risk/<uuid:pk>/back-test/", risk.BackTestView.as_view(), name="risk-back-test"),
    path("risk/<uuid:pk>/moves/", risk.MovesView.as_view(), name="risk-moves"),
    path("reports/", reports.ReportsView.as_view(), name="reports"),
    path("reports/start/", reports.StartView.as_view(), name="report-start"),
    path("reports/<uuid:pk>/", reports.ReportView.as_view(), name="report"),
    path("reports/<uuid:pk>/xml/", reports.ReportFileView.as_view(), name="report-file"),
    path("reports/<uuid:pk>/access/", reports.AccessView.as_view(), name="report-access"),
    path("reports/<uuid:pk>/<slug:step>/", reports.StepView.as_view(), name="report-step"),
    path("screening/", lists.ScreeningView.as_view(), name="screening"),
]
