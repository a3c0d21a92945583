"""`mapping-projects`: opened, changed and taken from module to module."""

from typing import Any, ClassVar

from django.db.models import QuerySet

from clm.core.api.serializers import RecordSerializer, ReferenceField
from clm.core.api.views import RecordViewSet
from clm.core.models import User
from journeys import selectors, services
from journeys.models import JourneyMap, MappingProject, Persona


def colleagues(*, actor: User) -> QuerySet[User]:
    """Who may own a project: people who are still here."""
    return User.objects.filter(is_active=True, is_robot=False)


def personas(*, actor: User) -> QuerySet[Persona]:
    return Persona.objects.all()


def maps(*, actor: User) -> QuerySet[JourneyMap]:
    return JourneyMap.objects.all()


class MappingProjectSerializer(RecordSerializer):
    """A mapping project; a title is enough to open one, its owner is whoever opens it."""

    journey = ReferenceField(selector=selectors.visible_journeys, required=False, allow_null=True)
    as_is = ReferenceField(selector=maps, required=False, allow_null=True)
    to_be = ReferenceField(selector=maps, required=False, allow_null=True)
    owner = ReferenceField(selector=colleagues, required=False)
    personas = ReferenceField(selector=personas, many=True, required=False)
    team = ReferenceField(selector=colleagues, many=True, required=False)

    class Meta:
        model = MappingProject
        fields: ClassVar = [
            "id", "title", "state", "state_since", "depth", "goal", "scope", "journey", "as_is",
            "to_be", "owner", "personas", "team", "customer_value", "customer_years", "version",
            "created_at", "updated_at",
        ]  # fmt: skip
        read_only_fields: ClassVar = ["state_since"]


class MappingProjectViewSet(RecordViewSet):
    """Mapping projects: five modules, each as deep as the project asks for."""

    serializer_class = MappingProjectSerializer
    selector = staticmethod(selectors.visible_projects)
    scopes = {"read": "mapping-projects:read", "write": "mapping-projects:write"}
    filters = {
        "state": "state",
        "state_in": "state__in",
        "depth": "depth",
        "journey": "journey_id",
        "owner": "owner_id",
    }
    ordering_fields = ("created_at", "updated_at")

    def get_queryset(self) -> Any:
        return super().get_queryset().prefetch_related("personas", "team")

    def make(self, data: dict[str, Any]) -> MappingProject:
        chosen = {name: data.pop(name, []) for name in ("personas", "team")}
        return services.open_project(values=data, **chosen, actor=self.actor, at=self.at)

    def change(self, record: Any, data: dict[str, Any], version: int | None) -> MappingProject:
        chosen = {name: data.pop(name, None) for name in ("personas", "team")}
        return services.change_project(
            project=record, changes=data, **chosen, actor=self.actor, at=self.at, version=version
        )
