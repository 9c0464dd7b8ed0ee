"""Files from case systems, pure: bytes to a table, rows to entries, entries compared with what stands; no Django."""
