"""What Canvas's objects look like in JSON."""
