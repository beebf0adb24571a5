"""What is known of a document beside its file."""
