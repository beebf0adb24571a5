"""Who changed what of a title or a copy, and when."""
