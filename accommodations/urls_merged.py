"""URLs of students whom Canvas no longer knows: look at both, decide, take it back."""

from django.urls import path

from accommodations.views import merged

urlpatterns = [
    path("students/<int:pk>/gone/", merged.student_gone, name="student_gone"),
    path("students/<int:pk>/gone/take-back/", merged.student_gone_take_back, name="student_gone_take_back"),
]
