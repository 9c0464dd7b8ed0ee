"""Start-up checks: what must never be served is refused before the first request."""
