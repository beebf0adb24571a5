"""Label formats of an association, and labels printed before their copies."""
