"""Which desk is meant, where a person may serve several."""

from lending.core.actor import Actor
from lending.core.errors import Forbidden, NotFound, Unauthenticated
from lending.network.schemas import DepotPlace


def chosen_desk(actor: Actor, desks: list[DepotPlace], depot_id: int | None) -> DepotPlace | None:
    """The desk asked for, or the only one; None = the person has to choose.

    Raises Unauthenticated, Forbidden for somebody without a desk, NotFound for a desk that is not theirs.
    """
    if not actor.is_signed_in:
        raise Unauthenticated
    if not desks:
        raise Forbidden
    if depot_id is None:
        return desks[0] if len(desks) == 1 else None
    here = next((one for one in desks if one.id == depot_id), None)
    if here is None:
        raise NotFound
    return here
