"""Reads of what a plan is made from, and of plans."""
