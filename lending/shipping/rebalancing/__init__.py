"""Which copies to move where, and why: demand, plans, what came of them."""
