"""What the worker does for plans."""

from lending.shipping.rebalancing.service import Rebalancing


def solve_next(rebalancing: Rebalancing) -> int:
    """Solve the plan that waits longest."""
    return rebalancing.solve_next()


def bring_home(rebalancing: Rebalancing) -> int:
    """Plan the way home of copies whose season away is over."""
    return rebalancing.bring_home()
