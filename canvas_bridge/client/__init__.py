"""HTTP to Canvas: JSON in, JSON out. The only package that knows `requests`."""
