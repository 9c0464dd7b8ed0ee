"""Writes: one use case in one transaction each."""
