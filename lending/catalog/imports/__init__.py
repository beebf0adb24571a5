"""Moving a collection in from files: dry run, apply, undo."""
