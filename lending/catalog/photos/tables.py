"""Photos and where they are shown."""
