"""URLs of what waits for a person: undo, held pairs, stops of the safety guard, alerts."""

from django.urls import path

from accommodations.views import exams, guard, holds, set_asides

urlpatterns = [
    path("students/<int:pk>/undo/", holds.student_undo, name="student_undo"),
    path("runs/<int:pk>/undo/", holds.run_undo, name="run_undo"),
    path("held/release/", holds.hold_release, name="hold_release"),
    path("coverage/<int:pk>/follow/", holds.pair_follow_class, name="pair_follow_class"),
    path("assessments/<int:pk>/exam/", exams.assessment_exam, name="assessment_exam"),
    path("guard/<int:pk>/", guard.guard_stop, name="guard_stop"),
    path("alerts/<int:pk>/seen/", guard.alert_seen, name="alert_seen"),
    path("set-aside/<int:pk>/release/", set_asides.set_aside_release, name="set_aside_release"),
]
