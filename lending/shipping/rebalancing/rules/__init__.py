"""Pure rules of demand, of what copies serve, and of plans."""
