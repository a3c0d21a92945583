"""Addresses of the customers' pages."""

from django.urls import path

from customers.web import board, forms_views, imports, lists, record

app_name = "customers"
urlpatterns = [
    path("", lists.CustomersView.as_view(), name="list"),
    path("search/", lists.SearchView.as_view(), name="search"),
    path("board/", board.BoardView.as_view(), name="board"),
    path("new/", forms_views.NewCustomerView.as_view(), name="new"),
    path("import/", imports.ImportView.as_view(), name="import"),
    path("<uuid:pk>/", record.CustomerView.as_view(), name="customer"),
    path("<uuid:pk>/edit/", forms_views.EditCustomerView.as_view(), name="edit"),
    path("<uuid:pk>/moves/", board.MovesView.as_view(), name="moves"),
    path("<uuid:pk>/consents/", record.ConsentView.as_view(), name="consent"),
    path(
        "<uuid:pk>/identifiers/<uuid:identifier>/reveal/",
        record.RevealView.as_view(),
        name="reveal",
    ),
]
