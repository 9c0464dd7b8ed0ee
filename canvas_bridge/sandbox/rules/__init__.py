"""What Canvas computes from what it holds: dates, visibility, attempts. Nothing here knows of HTTP."""
