"""Finding titles. The index finds; the database tells the truth. No rule ever asks the index."""
