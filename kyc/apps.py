from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KycConfig(AppConfig):
    name = "kyc"
    verbose_name = _("Know your customer")

    def ready(self) -> None:
        from kyc import registrations

        registrations.register()
