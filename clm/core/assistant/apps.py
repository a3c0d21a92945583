from django.apps import AppConfig


class AssistantConfig(AppConfig):
    name = "clm.core.assistant"
    label = "assistant"

    def ready(self) -> None:
        from clm.core.assistant import registrations

        registrations.register()
