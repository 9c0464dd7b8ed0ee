"""URLs of the coverage board, of the days behind the chart, and of trying again what failed."""

from django.urls import path

from accommodations.views import board, days, pair_settling, retrying

urlpatterns = [
    path("coverage/board/", board.coverage_board, name="coverage_board"),
    path("coverage/board/export/csv/", board.coverage_board_csv, name="coverage_board_csv"),
    path("coverage/board/export/xlsx/", board.coverage_board_xlsx, name="coverage_board_xlsx"),
    path("coverage/days/<str:day>/", days.coverage_day, name="coverage_day"),
    path("coverage/<int:pk>/unsettle/", pair_settling.pair_unsettle, name="pair_unsettle"),
    path("coverage/sync/", retrying.start_reason_sync, name="start_reason_sync"),
    path("runs/<int:pk>/retry/", retrying.sync_run_retry, name="sync_run_retry"),
]
