"""A loan travels to its school, and back: sent by the depot, confirmed by the school line by line, sent back."""
