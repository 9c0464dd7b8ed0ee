"""Canvas's own words as types: what it answers, what it is sent, and how JSON becomes one or the other. No HTTP."""
