"""Steering the sandbox over HTTP, for tests and the demo: `/_sandbox/`, from this machine only."""
