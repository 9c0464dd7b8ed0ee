"""`make bench`: counts, ratios and times, printed side by side. Times are shown and never asserted."""
