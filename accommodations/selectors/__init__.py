"""Reads: what a user may see, and what planning needs."""
