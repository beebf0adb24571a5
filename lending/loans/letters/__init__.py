"""Messages on paper, for people whom no mail reaches: the batch that a desk prints."""
