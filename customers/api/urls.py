from clm.core.api.router import ApiRouter
from customers.api.consents import WordingViewSet
from customers.api.documents import DocumentViewSet
from customers.api.duplicates import DuplicateViewSet, MergeViewSet, SurvivorshipViewSet
from customers.api.money import (
    AccountConsentViewSet,
    OtherAccountViewSet,
    OtherBankViewSet,
    ParkedTransactionViewSet,
    TransactionViewSet,
)
from customers.api.views import (
    CustomerViewSet,
    HoldingViewSet,
    ImportBatchViewSet,
    OfferViewSet,
    ProductViewSet,
)


def register(router: ApiRouter) -> None:
    router.register("customers/duplicates", DuplicateViewSet)
    router.register("customers/merges", MergeViewSet)
    router.register("customers/survivorship-rules", SurvivorshipViewSet)
    router.register("customers", CustomerViewSet)
    router.register("documents", DocumentViewSet)
    router.register("consent-wordings", WordingViewSet)
    router.register("holdings", HoldingViewSet)
    router.register("products", ProductViewSet)
    router.register("offers", OfferViewSet)
    router.register("import-batches", ImportBatchViewSet)
    router.register("transactions", TransactionViewSet)
    router.register("parked-transactions", ParkedTransactionViewSet)
    router.register("other-banks", OtherBankViewSet)
    router.register("other-accounts", OtherAccountViewSet)
    router.register("account-consents", AccountConsentViewSet)
