from clm.core.api.router import ApiRouter
from customers.api.views import (
    CustomerViewSet,
    HoldingViewSet,
    ImportBatchViewSet,
    OfferViewSet,
    ProductViewSet,
)


def register(router: ApiRouter) -> None:
    router.register("customers", CustomerViewSet)
    router.register("holdings", HoldingViewSet)
    router.register("products", ProductViewSet)
    router.register("offers", OfferViewSet)
    router.register("import-batches", ImportBatchViewSet)
