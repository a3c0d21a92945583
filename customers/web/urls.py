"""Addresses of the customers' pages."""

from django.urls import path

from customers.web import (
    board,
    duplicates,
    exports,
    forms_views,
    imports,
    laws,
    lists,
    money_views,
    privacy,
    proofs,
    record,
    relation_forms,
    robinson,
    survivorship,
    values,
    wordings,
)

app_name = "customers"
urlpatterns = [
    path("", lists.CustomersView.as_view(), name="list"),
    path("search/", lists.SearchView.as_view(), name="search"),
    path("board/", board.BoardView.as_view(), name="board"),
    path("new/", forms_views.NewCustomerView.as_view(), name="new"),
    path("export/", exports.ExportView.as_view(), name="export"),
    path("import/", imports.ImportView.as_view(), name="import"),
    path("laws/", laws.LawsView.as_view(), name="laws"),
    path("robinson/", robinson.RobinsonView.as_view(), name="robinson"),
    path("wordings/", wordings.WordingsView.as_view(), name="wordings"),
    path("duplicates/", duplicates.DuplicatesView.as_view(), name="duplicates"),
    path("duplicates/search/", duplicates.SearchDuplicatesView.as_view(), name="search_duplicates"),
    path("duplicates/<uuid:pk>/", duplicates.DuplicateView.as_view(), name="duplicate"),
    path(
        "duplicates/<uuid:pk>/decide/",
        duplicates.DecideDuplicateView.as_view(),
        name="decide_duplicate",
    ),
    path("merges/<uuid:pk>/", duplicates.MergeView.as_view(), name="merge"),
    path("merges/<uuid:pk>/undo/", duplicates.UndoMergeView.as_view(), name="undo_merge"),
    path("sources/", survivorship.SurvivorshipView.as_view(), name="survivorship"),
    path("transactions/", money_views.TransactionsView.as_view(), name="transactions"),
    path("transactions/parked/", money_views.SettleParkedView.as_view(), name="settle_parked"),
    path("holdings/<uuid:pk>/renew/", money_views.RenewView.as_view(), name="renew"),
    path(
        "account-consents/<uuid:pk>/revoke/",
        money_views.RevokeAccountConsentView.as_view(),
        name="revoke_account_consent",
    ),
    path(
        "account-consents/<uuid:pk>/read/",
        money_views.ReadAccountsView.as_view(),
        name="read_accounts",
    ),
    path("<uuid:pk>/", record.CustomerView.as_view(), name="customer"),
    path(
        "<uuid:pk>/account-consents/",
        money_views.AskAccountConsentView.as_view(),
        name="ask_account_consent",
    ),
    path("<uuid:pk>/values/<slug:field>/", values.ValueView.as_view(), name="value"),
    path("<uuid:pk>/edit/", forms_views.EditCustomerView.as_view(), name="edit"),
    path("<uuid:pk>/access/", privacy.AccessView.as_view(), name="access"),
    path("<uuid:pk>/moves/", board.MovesView.as_view(), name="moves"),
    path("<uuid:pk>/consents/", record.ConsentView.as_view(), name="consent"),
    path("<uuid:pk>/consents/<uuid:entry>/", proofs.ProofView.as_view(), name="proof"),
    path("<uuid:pk>/relations/", relation_forms.AddRelationView.as_view(), name="add_relation"),
    path(
        "<uuid:pk>/relations/<uuid:relation>/end/",
        relation_forms.EndRelationView.as_view(),
        name="end_relation",
    ),
    path(
        "<uuid:pk>/identifiers/<uuid:identifier>/reveal/",
        record.RevealView.as_view(),
        name="reveal",
    ),
]
