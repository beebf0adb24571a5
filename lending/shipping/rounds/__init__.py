"""Rounds: a van brings and collects things on one day, at stops with hours."""
