"""Labels and contents sheets as PDF."""
