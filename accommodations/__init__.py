"""Leeway: approved accommodations, put into Canvas and kept there."""
