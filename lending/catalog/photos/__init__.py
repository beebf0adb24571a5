"""Photos of titles and of what is in them."""
