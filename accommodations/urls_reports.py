"""URLs of evidence and reports."""

from django.urls import path

from accommodations.views import reports

urlpatterns = [
    path("coverage/<int:pk>/evidence/", reports.pair_evidence, name="pair_evidence"),
    path("students/<int:pk>/report/", reports.student_report, name="student_report"),
    path("students/<int:pk>/report/export/", reports.student_report_export, name="student_report_export"),
    path("courses/<int:pk>/report/", reports.course_report, name="course_report"),
    path("courses/<int:pk>/report/export/", reports.course_report_export, name="course_report_export"),
]
