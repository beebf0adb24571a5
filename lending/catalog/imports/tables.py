"""Imports and what each row of them did."""
