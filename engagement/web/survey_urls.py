"""The address of a survey's link; the one page behind it keeps it."""

from django.urls import path

from engagement.web import survey_page

app_name = "survey"
urlpatterns = [path("<str:secret>/", survey_page.AnswerView.as_view(), name="answer")]
