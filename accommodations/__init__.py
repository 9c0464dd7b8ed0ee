"""Leeway: approved accommodations, put into Canvas and kept there."""

from accommodations.celery import app as celery_app

__all__ = ["celery_app"]
