"""In which order a van makes its stops."""
