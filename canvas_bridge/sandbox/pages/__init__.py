"""A small readable view of what "Canvas" holds, for people who try the demo."""
