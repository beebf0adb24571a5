"""Documents and sheets."""
