"""URLs of the job "a new letter": find, approve, release, except, renew, hand out, and the sets to start from."""

from django.urls import path

from accommodations.views import approvals, decisions, finding, renewals, summaries, usual_sets

urlpatterns = [
    path("students/find/", finding.student_find, name="student_find"),
    path("approvals/", approvals.approval_list, name="approval_list"),
    path("students/<int:pk>/approval/", approvals.student_approval, name="student_approval"),
    path("accommodations/<int:pk>/approve/", approvals.accommodation_approve, name="accommodation_approve"),
    path("students/<int:pk>/summary/", summaries.student_summary, name="student_summary"),
    path("students/<int:pk>/summary/mail/", summaries.student_summary_mail, name="student_summary_mail"),
    path("students/<int:pk>/release/", decisions.student_release, name="student_release"),
    path("students/<int:pk>/exceptions/new/", decisions.exception_new, name="exception_new"),
    path("exceptions/<int:pk>/withdraw/", decisions.exception_withdraw, name="exception_withdraw"),
    path("renewals/", renewals.renewal, name="renewal"),
    path("usual-sets/", usual_sets.usual_set_list, name="usual_set_list"),
    path("usual-sets/new/", usual_sets.usual_set_new, name="usual_set_new"),
    path("usual-sets/<int:pk>/", usual_sets.usual_set_edit, name="usual_set_edit"),
    path("usual-sets/<int:pk>/retire/", usual_sets.usual_set_retire, name="usual_set_retire"),
]
