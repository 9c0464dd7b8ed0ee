"""The seeded university: invented people, courses and assessments, the same for the same seed, relative to today."""
