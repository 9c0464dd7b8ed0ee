"""Every URL. The office's own pages are in `urls_office`, the signs of life in `urls_health`."""

from django.contrib import admin
from django.urls import include, path

from accommodations.views import (
    courses,
    explaining,
    home,
    log,
    log_evidence,
    operations,
    pairs,
    preferences,
    session,
    students,
    styleguide,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("home/live/", home.home_live, name="home_live"),
    path("sign-in/", session.sign_in, name="sign_in"),
    path("sign-out/", session.sign_out, name="sign_out"),
    path("theme/", preferences.choose_theme, name="choose_theme"),
    path("find/", students.find, name="find"),
    path("me/", students.own_page, name="own_page"),
    path("students/", students.student_list, name="student_list"),
    path("students/export/", students.student_export, name="student_export"),
    path("students/<int:pk>/", students.student_detail, name="student_detail"),
    path("courses/", courses.course_list, name="course_list"),
    path("courses/<int:pk>/", courses.course_detail, name="course_detail"),
    path("coverage/", pairs.pair_list, name="pair_list"),
    path("coverage/export/", pairs.pair_export, name="pair_export"),
    path("coverage/<int:pk>/", pairs.pair_detail, name="pair_detail"),
    path("coverage/<int:pk>/explained/", explaining.pair_explain, name="pair_explain"),
    path("log/", log.log, name="log"),
    path("log/check/", log_evidence.log_check, name="log_check"),
    path("log/check/status/", log_evidence.log_check_status, name="log_check_status"),
    path("log/export/", log_evidence.log_export, name="log_export"),
    path("log/anchors/", log_evidence.log_anchors_export, name="log_anchors_export"),
    path("operations/", operations.operations, name="operations"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("", include("accommodations.urls_office")),
    path("", include("accommodations.urls_letter")),
    path("", include("accommodations.urls_holds")),
    path("", include("accommodations.urls_merged")),
    path("", include("accommodations.urls_imports")),
    path("", include("accommodations.urls_settings")),
    path("", include("accommodations.urls_notices")),
    path("", include("accommodations.urls_reports")),
    path("", include("accommodations.urls_board")),
    path("", include("accommodations.urls_health")),
    # The admin signs people in on our own page: one form, one place for throttling.
    path("admin/login/", session.admin_sign_in, name="admin_sign_in"),
    path("admin/", admin.site.urls),
]
