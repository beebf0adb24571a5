"""Copies on their way between depots."""
