from django.urls import path

from onboarding.web import views

app_name = "onboarding"

urlpatterns = [
    path("", views.QueueView.as_view(), name="queue"),
    path("applications/<uuid:pk>/", views.ApplicationView.as_view(), name="application"),
    path("applications/<uuid:pk>/assign/", views.AssignView.as_view(), name="assign"),
    path("applications/<uuid:pk>/link/", views.MakeLinkView.as_view(), name="make_link"),
    path("applications/<uuid:pk>/link/revoke/", views.RevokeLinkView.as_view(), name="revoke_link"),
    path("tasks/<uuid:pk>/", views.TaskView.as_view(), name="task"),
    path("customers/<uuid:pk>/apply/", views.OpenView.as_view(), name="open"),
]
