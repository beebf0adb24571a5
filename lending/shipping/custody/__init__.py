"""Who has a copy, since when, and who had it before."""
