"""Thin Celery shells around services."""
