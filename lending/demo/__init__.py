"""A network to try things in: invented, but true to life."""
