"""What the worker calls."""

from lending.search.service import Search


def sync(search: Search) -> int:
    """Bring what changed into the index; returns how many changes."""
    return search.sync()


def reconcile(search: Search) -> int:
    """Compare index and database; returns how many titles were sent."""
    return search.reconcile()
