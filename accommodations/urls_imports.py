"""URLs of the file from the case system."""

from django.urls import path

from accommodations.views import imports

urlpatterns = [
    path("imports/", imports.import_list, name="import_list"),
    path("imports/new/", imports.import_new, name="import_new"),
    path("imports/export/sample.csv", imports.import_sample_csv, name="import_sample_csv"),
    path("imports/export/sample.xlsx", imports.import_sample_workbook, name="import_sample_workbook"),
    path("imports/sources/<int:pk>/", imports.import_source, name="import_source"),
    path("imports/<int:pk>/", imports.import_detail, name="import_detail"),
    path("imports/<int:pk>/columns/", imports.import_columns, name="import_columns"),
    path("imports/<int:pk>/progress/", imports.import_progress, name="import_progress"),
    path("imports/<int:pk>/look-up/", imports.import_look_up, name="import_look_up"),
    path("imports/<int:pk>/rows/", imports.import_rows, name="import_rows"),
    path("imports/<int:pk>/take/", imports.import_take, name="import_take"),
    path("imports/<int:pk>/confirm/", imports.import_confirm, name="import_confirm"),
    path("imports/<int:pk>/discard/", imports.import_discard, name="import_discard"),
    path("imports/<int:pk>/undo/", imports.import_undo, name="import_undo"),
]
