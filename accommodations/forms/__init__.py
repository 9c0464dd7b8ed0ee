"""Forms: what people type, checked at the field."""
