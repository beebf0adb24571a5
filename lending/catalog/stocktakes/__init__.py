"""Counting what stands in a depot."""
