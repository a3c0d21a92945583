"""Addresses of the frame, and the generic ones every app uses."""

from django.urls import path

from clm.core.web.views import (
    approvals,
    audit,
    command,
    home,
    jobs,
    preferences,
    saved_views,
    session,
    transition,
)

app_name = "web"
urlpatterns = [
    path("", home.HomeView.as_view(), name="home"),
    path("badges/", home.BadgesView.as_view(), name="badges"),
    path("waiting/", home.NotificationsView.as_view(), name="notifications"),
    path("waiting/<uuid:pk>/done/", home.FinishTaskView.as_view(), name="finish_task"),
    path("command/", command.CommandView.as_view(), name="command"),
    path("preferences/", preferences.PreferencesView.as_view(), name="preferences"),
    path("settings/", preferences.SettingsView.as_view(), name="settings"),
    path("session/", session.SessionView.as_view(), name="session"),
    path("views/save/", saved_views.SaveView.as_view(), name="save_view"),
    path("approvals/", approvals.ApprovalsView.as_view(), name="approvals"),
    path("approvals/<uuid:pk>/", approvals.ApprovalView.as_view(), name="approval"),
    path("jobs/", jobs.JobsView.as_view(), name="jobs"),
    path("jobs/<uuid:pk>/", jobs.JobView.as_view(), name="job"),
    path("jobs/<uuid:pk>/cancel/", jobs.CancelJobView.as_view(), name="cancel_job"),
    path("jobs/<uuid:pk>/result/", jobs.JobResultView.as_view(), name="job_result"),
    path("audit/", audit.AuditView.as_view(), name="audit"),
    path("audit/verify/", audit.VerifyView.as_view(), name="verify_audit"),
    path("audit/access/", audit.AccessView.as_view(), name="access_log"),
    path("audit/<uuid:pk>/", audit.EventView.as_view(), name="event"),
    path(
        "do/<str:app>/<str:model>/<uuid:pk>/<str:name>/",
        transition.TransitionView.as_view(),
        name="transition",
    ),
]
