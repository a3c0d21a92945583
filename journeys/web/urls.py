from django.urls import path

from journeys.web import maps, personas, views

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
    # Last: a journey's short name may be anything but the words above (`services.named`).
    path("<slug:slug>/", views.FrictionView.as_view(), name="friction"),
    path("<slug:slug>/customers/", views.StepCustomersView.as_view(), name="customers"),
]
