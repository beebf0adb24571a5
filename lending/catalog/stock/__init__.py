"""What an association owns, on one list, and many copies changed at once."""
