from django.urls import path

from onboarding.web import decisions, measures, opening, questions, templates, views, welcome

app_name = "onboarding"

urlpatterns = [
    path("", views.QueueView.as_view(), name="queue"),
    path("new/", opening.NewView.as_view(), name="new"),
    path("welcome/", welcome.WelcomeView.as_view(), name="welcome"),
    path("applications/<uuid:pk>/", views.ApplicationView.as_view(), name="application"),
    path("applications/<uuid:pk>/assign/", views.AssignView.as_view(), name="assign"),
    path("applications/<uuid:pk>/link/", views.MakeLinkView.as_view(), name="make_link"),
    path("applications/<uuid:pk>/link/revoke/", views.RevokeLinkView.as_view(), name="revoke_link"),
    path("applications/<uuid:pk>/refuse/", decisions.RefuseView.as_view(), name="refuse"),
    path("applications/<uuid:pk>/review/", decisions.ReviewView.as_view(), name="review"),
    path("tasks/<uuid:pk>/back/", decisions.BackView.as_view(), name="back"),
    path("applications/<uuid:pk>/ask/", questions.AskView.as_view(), name="ask"),
    path("questions/<uuid:pk>/", questions.ReplyView.as_view(), name="reply"),
    path("tasks/<uuid:pk>/", views.TaskView.as_view(), name="task"),
    path("customers/<uuid:pk>/apply/", opening.OpenView.as_view(), name="open"),
    path("measures/", measures.MeasuresView.as_view(), name="measures"),
    path("templates/", templates.TemplatesView.as_view(), name="templates"),
    path("templates/import/", templates.ImportView.as_view(), name="template-import"),
    path("templates/<uuid:pk>/", templates.TemplateView.as_view(), name="template"),
    path("templates/<uuid:pk>/draft/", templates.DraftView.as_view(), name="template-draft"),
    path("templates/<uuid:pk>/edit/", templates.EditView.as_view(), name="template-edit"),
    path("templates/<uuid:pk>/trial/", templates.TrialView.as_view(), name="template-trial"),
    path("templates/<uuid:pk>/yaml/", templates.ExportView.as_view(), name="template-yaml"),
]
