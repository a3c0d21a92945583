"""The addresses of `/api/v1/`: each app registers its resources here."""

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.urls import URLPattern, URLResolver
from rest_framework.routers import SimpleRouter

from clm.core import lifecycle
from clm.core.api.views import ApiViewSet, RecordViewSet
from clm.core.models import User

_TRANSITIONS = frozenset({"transitions", "perform_transition"})


class ApiRouter(SimpleRouter):
    """
    `register(prefix, viewset)`; a prefix may have slashes (`kyc/cases`), addresses end in one.

    The route names are the prefix with hyphens and DRF's endings (`api:kyc-cases-list`).
    """

    def __init__(self) -> None:
        super().__init__(trailing_slash=True, use_regex_path=False)

    def register(  # type: ignore[override]
        self, prefix: str, viewset: type[ApiViewSet], basename: str | None = None
    ) -> None:
        name = basename or prefix.replace("/", "-")
        if any(known == prefix for known, _viewset, _name in self.registry):
            return
        super().register(prefix, viewset, name)

    def get_routes(self, viewset: type[ApiViewSet]) -> list[Any]:  # type: ignore[override]
        """The viewset's routes; those of a life-cycle only where there is one."""
        found = super().get_routes(viewset)
        meta = getattr(viewset.serializer_class, "Meta", None)
        if meta is None or lifecycle.has_machine(meta.model):
            return list(found)
        return [one for one in found if not _TRANSITIONS & set(one.mapping.values())]

    def get_method_map(self, viewset: Any, method_map: Any) -> dict[str, str]:
        """What each method of an address does; no creating where records come about elsewhere."""
        found: dict[str, str] = dict(super().get_method_map(viewset, method_map))
        if not getattr(viewset, "made_here", True) and found.get("post") == "create":
            del found["post"]
        return found

    def resources(self) -> Iterator[tuple[str, type[ApiViewSet]]]:
        """Each prefix with its viewset."""
        for prefix, viewset, _name in self.registry:
            yield prefix, viewset  # type: ignore[misc]

    def reached(self, *, actor: User) -> Iterator[tuple[str, models.QuerySet[Any]]]:
        """By model label, the governed records of each resource that the actor reaches."""
        for _prefix, viewset in self.resources():
            if issubclass(viewset, RecordViewSet) and viewset.selector is not None:
                queryset = viewset.selector(actor=actor)
                yield queryset.model._meta.label, queryset


router = ApiRouter()


def register(prefix: str, viewset: type[ApiViewSet]) -> None:
    """Add a resource to `/api/v1/`."""
    router.register(prefix, viewset)


def urls() -> list[URLPattern | URLResolver]:
    return list(router.urls)
