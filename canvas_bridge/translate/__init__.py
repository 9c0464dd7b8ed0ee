"""Canvas's JSON to facts, and changes to Canvas's JSON. No HTTP, no clock."""
