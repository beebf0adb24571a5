"""Catalogued copies that stand inside a trunk, and what happened to what is in it."""
