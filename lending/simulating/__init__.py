"""A made-up school year, lived through day by day in a database of its own, by the same use cases and jobs as ever."""
