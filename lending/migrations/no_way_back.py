"""What a migration says that cannot be undone without losing what people wrote."""


class NoWayBackError(Exception):
    """Going back to the schema before would lose something: restore the copy that was made before the upgrade."""
