"""Titles of four kinds, what trunks hold, copies and their labels."""
