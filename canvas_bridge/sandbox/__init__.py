"""A small Canvas for the demo, the tests and training; it imports nothing else of the bridge, on purpose."""
