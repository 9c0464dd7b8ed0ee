"""The demo: everything Leeway needs, run on one machine by one command (`make demo`)."""
