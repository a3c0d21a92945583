from django.urls import path

from engagement.web import actions, enquiries, feedback, interactions

app_name = "engagement"

urlpatterns = [
    path("", interactions.IndexView.as_view(), name="index"),
    path("customers/<uuid:customer>/new/", interactions.NewInteractionView.as_view(), name="new"),
    path("enquiries/", enquiries.QueueView.as_view(), name="enquiries"),
    path("enquiries/assign/", enquiries.AssignView.as_view(), name="assign"),
    path("enquiries/<uuid:pk>/", enquiries.EnquiryView.as_view(), name="enquiry"),
    path("enquiries/<uuid:pk>/ask/", enquiries.AskView.as_view(), name="ask"),
    path("enquiries/<uuid:pk>/answer/", enquiries.AnswerView.as_view(), name="answer"),
    path(
        "customers/<uuid:customer>/enquiry/",
        enquiries.NewEnquiryView.as_view(),
        name="new_enquiry",
    ),
    path("feedback/", feedback.FeedbackView.as_view(), name="feedback"),
    path("feedback/answers/", feedback.AnswersView.as_view(), name="answers"),
    path("feedback/import/", feedback.FeedbackImportView.as_view(), name="feedback_import"),
    path("feedback/themes/", feedback.ThemesView.as_view(), name="themes"),
    path("surveys/new/", feedback.SurveyFormView.as_view(), name="new_survey"),
    path("surveys/<uuid:pk>/", feedback.SurveyView.as_view(), name="survey"),
    path("surveys/<uuid:pk>/change/", feedback.SurveyFormView.as_view(), name="edit_survey"),
    path("surveys/<uuid:pk>/invite/", feedback.InviteView.as_view(), name="invite"),
    path("customers/<uuid:customer>/survey/", feedback.HandOverView.as_view(), name="hand_over"),
    path("actions/", actions.ActionsView.as_view(), name="actions"),
    path("actions/propose/", actions.ProposeView.as_view(), name="propose"),
    path("actions/<uuid:pk>/answer/", actions.AnswerView.as_view(), name="answer_action"),
    path("customers/<uuid:customer>/actions/", actions.WhyView.as_view(), name="why"),
]
