"""A lending library for educational trunks, shared by a federation of associations."""
