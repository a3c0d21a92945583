from django.contrib import admin

from clm.core.admin import PartAdmin, ReadOnlyAdmin, RecordAdmin
from onboarding import selectors
from onboarding.models import (
    Application,
    ApplicationIdentity,
    ApplicationLink,
    ApplicationTask,
    ApplicationTemplate,
    CustomerQuestion,
    RefusalLetter,
    WelcomeMessage,
    WelcomePlan,
)


@admin.register(ApplicationTemplate)
class ApplicationTemplateAdmin(RecordAdmin):
    list_display = ("kind", "number", "valid_from", "valid_to")
    list_filter = ("kind",)


@admin.register(Application)
class ApplicationAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_applications)
    list_display = ("__str__", "state", "officer", "due_at", "created_at")
    list_filter = ("state",)


@admin.register(ApplicationTask)
class ApplicationTaskAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_tasks)
    list_display = ("application", "step", "key", "kind", "required", "done_at")
    list_filter = ("kind", "step")


@admin.register(CustomerQuestion)
class CustomerQuestionAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_questions)
    list_display = ("application", "due_at", "replied_at", "replied_by")


@admin.register(WelcomePlan)
class WelcomePlanAdmin(RecordAdmin):
    selector = staticmethod(selectors.visible_plans)
    list_display = ("application", "begun_at", "login_at", "payment_at", "salary_at", "card_at")


@admin.register(WelcomeMessage)
class WelcomeMessageAdmin(ReadOnlyAdmin):
    list_display = ("step", "sending", "channel", "due_at", "attempts", "done_at")
    list_filter = ("sending", "step", "channel")


class ApplicationPartAdmin(PartAdmin):
    whole = "application"
    selector = staticmethod(selectors.visible_applications)


@admin.register(ApplicationLink)
class ApplicationLinkAdmin(ApplicationPartAdmin):
    list_display = ("application", "created_at", "created_by", "expires_at", "revoked_at")
    exclude = ("digest",)


@admin.register(ApplicationIdentity)
class ApplicationIdentityAdmin(ApplicationPartAdmin):
    list_display = ("at", "application", "role", "assurance", "provider")


@admin.register(RefusalLetter)
class RefusalLetterAdmin(ApplicationPartAdmin):
    list_display = ("application", "ground", "created_at")
