from django.urls import path

from engagement.web import enquiries, interactions

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
]
