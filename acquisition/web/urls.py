from django.urls import path

from acquisition.web import (
    campaigns,
    erasures,
    forms_views,
    imports,
    interest,
    nurturing,
    results,
    views,
)

app_name = "acquisition"

urlpatterns = [
    path("", views.BoardView.as_view(), name="board"),
    path("leads/", views.LeadListView.as_view(), name="leads"),
    path("leads/new/", views.NewLeadView.as_view(), name="new_lead"),
    path("leads/import/", imports.LeadImportView.as_view(), name="import"),
    path("leads/<uuid:pk>/", views.LeadView.as_view(), name="lead"),
    path("leads/<uuid:pk>/edit/", views.EditLeadView.as_view(), name="edit_lead"),
    path("leads/<uuid:pk>/moves/", views.MovesView.as_view(), name="moves"),
    path("leads/<uuid:pk>/take/", views.TakeLeadView.as_view(), name="take_lead"),
    path("erasures/", erasures.ErasuresView.as_view(), name="erasures"),
    path("erasures/ask/", erasures.AskErasureView.as_view(), name="ask_erasure"),
    path("erasures/<uuid:pk>/certificate/", erasures.CertificateView.as_view(), name="certificate"),
    path("results/", results.ResultsView.as_view(), name="results"),
    path("campaigns/", campaigns.CampaignsView.as_view(), name="campaigns"),
    path("campaigns/new/", campaigns.NewCampaignView.as_view(), name="new_campaign"),
    path("campaigns/<uuid:pk>/", campaigns.CampaignView.as_view(), name="campaign"),
    path("campaigns/<uuid:pk>/edit/", campaigns.EditCampaignView.as_view(), name="edit_campaign"),
    path("campaigns/<uuid:pk>/costs/", campaigns.EnterCostView.as_view(), name="enter_cost"),
    path("campaigns/<uuid:pk>/forms/new/", forms_views.NewFormView.as_view(), name="new_form"),
    path("campaigns/<uuid:pk>/steps/new/", nurturing.NewStepView.as_view(), name="new_step"),
    path(
        "campaigns/<uuid:pk>/offers/new/",
        nurturing.NewIncentiveView.as_view(),
        name="new_incentive",
    ),
    path("steps/<uuid:pk>/edit/", nurturing.EditStepView.as_view(), name="edit_step"),
    path("offers/<uuid:pk>/edit/", nurturing.EditIncentiveView.as_view(), name="edit_incentive"),
    path("steps/", nurturing.StepsView.as_view(), name="steps"),
    path("leads/<uuid:pk>/step/", nurturing.FinishStepView.as_view(), name="finish_step"),
    path("leads/<uuid:pk>/offer/", nurturing.OfferView.as_view(), name="offer"),
    path("forms/<uuid:pk>/edit/", forms_views.EditFormView.as_view(), name="edit_form"),
    # Open to the whole world, in frames of the sites that a form names.
    path("interest/<slug:code>/", interest.InterestView.as_view(), name="interest"),
]
