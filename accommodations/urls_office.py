"""URLs of the pages on which the office records, syncs and sets up."""

from django.urls import path

from accommodations.views import accommodations, acts, connections, course_acts, institution, quiz_dates, sync_runs

urlpatterns = [
    path("students/<int:pk>/accommodations/new/", accommodations.accommodation_new, name="accommodation_new"),
    path("students/<int:pk>/preview/", accommodations.accommodation_preview, name="accommodation_preview"),
    path("students/<int:pk>/sync/", sync_runs.start_student_sync, name="start_student_sync"),
    path("accommodations/<int:pk>/edit/", accommodations.accommodation_edit, name="accommodation_edit"),
    path("accommodations/<int:pk>/end/", accommodations.accommodation_end, name="accommodation_end"),
    path("courses/<int:pk>/sync/", sync_runs.start_course_sync, name="start_course_sync"),
    path("courses/<int:pk>/every-quiz/", course_acts.course_every_quiz, name="course_every_quiz"),
    path("coverage/<int:pk>/unlock/", acts.pair_unlock, name="pair_unlock"),
    path("courses/<int:pk>/quiz-dates/", quiz_dates.course_quiz_dates, name="course_quiz_dates"),
    path("acts/<int:pk>/take-back/", quiz_dates.act_take_back, name="act_take_back"),
    path("coverage/<int:pk>/extend/", acts.attempt_extend, name="attempt_extend"),
    path("runs/", sync_runs.sync_run_list, name="sync_run_list"),
    path("runs/<int:pk>/", sync_runs.sync_run_detail, name="sync_run_detail"),
    path("runs/<int:pk>/status/", sync_runs.sync_run_status, name="sync_run_status"),
    path("runs/<int:pk>/apply/", sync_runs.sync_run_apply, name="sync_run_apply"),
    path("runs/<int:pk>/cancel/", sync_runs.sync_run_cancel, name="sync_run_cancel"),
    path("connection/", connections.connection, name="connection"),
    path("settings/", institution.settings, name="settings"),
]
