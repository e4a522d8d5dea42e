"""The addresses of the API: the same in every language, and for good."""

from django.urls import path

from assembly.open_data import api
from assembly.open_data.release import NAME

app_name = "open_data"
urlpatterns = [
    path("", api.Root.as_view(), name="root"),
    path("openapi.json", api.Description.as_view(), name="openapi"),
    path("catalogue.jsonld", api.Catalogue.as_view(), name="catalogue"),
    path("catalogue.rdf", api.CatalogueInXml.as_view(), name="catalogue_xml"),
    path(NAME, api.ArchiveFile.as_view(), name="archive"),
    path("<slug:name>.csv", api.CsvTable.as_view(), name="csv"),
    path("<slug:name>.json", api.JsonTable.as_view(), name="json"),
    path("<slug:name>/", api.Rows.as_view(), name="list"),
    path("<slug:name>/<str:key>/", api.Row.as_view(), name="object"),
]
