"""Pages: check who asks, call one selector or service, render."""
