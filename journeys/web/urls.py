from django.urls import path

from journeys.web import dna, maps, personas, projects, views

app_name = "journeys"

urlpatterns = [
    path("", views.JourneysView.as_view(), name="journeys"),
    path("maps/", maps.MapsView.as_view(), name="maps"),
    path("maps/new/", maps.NewMapView.as_view(), name="map-new"),
    path("maps/<uuid:pk>/", maps.MapView.as_view(), name="map"),
    path("maps/<uuid:pk>/edit/", maps.EditMapView.as_view(), name="map-edit"),
    path("maps/<uuid:pk>/board/", maps.BoardView.as_view(), name="map-board"),
    path("maps/<uuid:pk>/fit/", maps.FitView.as_view(), name="map-fit"),
    path("maps/<uuid:pk>/export/", maps.ExportView.as_view(), name="map-export"),
    path("maps/<uuid:pk>/do/", maps.ActView.as_view(), name="map-do"),
    path("maps/<uuid:pk>/versions/<uuid:version>/", maps.VersionView.as_view(), name="map-version"),
    path("personas/", personas.PersonasView.as_view(), name="personas"),
    path("personas/new/", personas.NewPersonaView.as_view(), name="persona-new"),
    path("personas/<uuid:pk>/", personas.PersonaView.as_view(), name="persona"),
    path("dna/", dna.DnaView.as_view(), name="dna"),
    path("dna/<slug:kind>/new/", dna.NewKnownView.as_view(), name="new_known"),
    path("dna/<slug:kind>/<uuid:pk>/", dna.KnownView.as_view(), name="known"),
    path("projects/", projects.ProjectsView.as_view(), name="projects"),
    path("projects/new/", projects.NewProjectView.as_view(), name="new_project"),
    path("projects/<uuid:pk>/", projects.ProjectView.as_view(), name="project"),
    path("projects/<uuid:pk>/edit/", projects.EditProjectView.as_view(), name="edit_project"),
    path("projects/<uuid:pk>/impact/", projects.ImpactView.as_view(), name="impact"),
    path("projects/<uuid:pk>/place/", projects.PlaceView.as_view(), name="place"),
    path("projects/<uuid:pk>/deliver/", projects.DeliverView.as_view(), name="deliver"),
    path("projects/<uuid:pk>/<slug:kind>/", projects.AddPartView.as_view(), name="add_part"),
    path("parts/actions/<uuid:pk>/effect/", projects.EffectView.as_view(), name="effect"),
    path(
        "parts/actions/<uuid:pk>/done/", projects.FinishActionView.as_view(), name="finish_action"
    ),
    path("parts/<slug:kind>/<uuid:pk>/", projects.PartView.as_view(), name="part"),
    # Last: a journey's short name may be anything but the words above (`services.named`).
    path("<slug:slug>/", views.FrictionView.as_view(), name="friction"),
    path("<slug:slug>/customers/", views.StepCustomersView.as_view(), name="customers"),
]
