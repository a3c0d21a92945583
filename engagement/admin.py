from django.contrib import admin

from clm.core.admin import PartAdmin, ReadOnlyAdmin, RecordAdmin
from customers.admin import AboutCustomerAdmin
from engagement import selectors
from engagement.models import (
    Enquiry,
    EnquiryMessage,
    Feedback,
    Interaction,
    NextBestAction,
    Survey,
    SurveyInvitation,
    Theme,
)


@admin.register(Interaction)
class InteractionAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_interactions)
    list_display = ("at", "customer", "channel", "purpose", "outcome", "by")
    list_filter = ("channel", "purpose", "outcome")
    list_select_related = ("customer", "by")
    date_hierarchy = "at"


@admin.register(Enquiry)
class EnquiryAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_enquiries)
    list_display = ("customer", "kind", "state", "priority", "assignee", "due_at")
    list_filter = ("kind", "state", "priority", "root_cause")
    list_select_related = ("customer", "assignee")


@admin.register(Survey)
class SurveyAdmin(RecordAdmin):
    list_display = ("name", "measure", "is_open", "days")
    list_filter = ("measure", "is_open")


@admin.register(Feedback)
class FeedbackAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_feedback)
    list_display = ("said_at", "customer", "origin", "measure", "score")
    list_filter = ("origin", "measure")
    list_select_related = ("customer",)


@admin.register(NextBestAction)
class NextBestActionAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_actions)
    list_display = ("customer", "product", "state", "score", "proposed_on")
    list_filter = ("state", "refusal")
    list_select_related = ("customer", "product")


@admin.register(EnquiryMessage)
class EnquiryMessageAdmin(PartAdmin):
    whole = "enquiry"
    selector = staticmethod(selectors.visible_enquiries)
    list_display = ("at", "enquiry", "said", "by")


@admin.register(SurveyInvitation)
class SurveyInvitationAdmin(AboutCustomerAdmin):
    list_display = ("made_at", "survey", "customer", "channel", "sending", "answered_at")


@admin.register(Theme)
class ThemeAdmin(ReadOnlyAdmin):
    list_display = ("words", "count", "made_at")
