"""What Canvas computes from what it holds: dates, visibility, attempts, and what it lets be saved."""
