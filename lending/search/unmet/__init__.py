"""Unmet demand: what people looked for and nobody could give, for those who decide what to build and buy."""
