from django.urls import path

from retention.web import views

app_name = "retention"

urlpatterns = [
    path("", views.BoardView.as_view(), name="board"),
    path("cases/", views.CaseListView.as_view(), name="cases"),
    path("cases/<uuid:pk>/", views.CaseView.as_view(), name="case"),
    path("cases/<uuid:pk>/moves/", views.MovesView.as_view(), name="moves"),
    path("cases/<uuid:pk>/offer/", views.AttachOfferView.as_view(), name="offer"),
    path("cases/<uuid:pk>/owner/", views.AssignView.as_view(), name="assign"),
    path("cases/<uuid:pk>/wish/", views.WishView.as_view(), name="wish"),
]
