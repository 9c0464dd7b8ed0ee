"""URLs of the signs of life and of the metrics, without a slash at the end, as probes expect them."""

from django.urls import path

from accommodations.views import health

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
]
