"""What stands inside a trunk."""
