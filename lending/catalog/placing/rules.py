"""Who may stand in a trunk, and what stands in one does nothing alone."""

from lending.catalog.placing.errors import CopyInsideTrunk, NotATrunk, NotToBePlaced, OfAnotherOwner, TrunkInTrunk
from lending.catalog.schemas import CopyDetail
from lending.catalog.states import Kind, Status

PLACEABLE = (Status.LENDABLE, Status.BLOCKED)


def check_alone(copy: CopyDetail) -> None:
    """Raise CopyInsideTrunk for a copy that stands in a trunk."""
    if copy.stands_in is not None:
        trunk = copy.stands_in
        raise CopyInsideTrunk(copy.shown_code, trunk_name=trunk.title_name, trunk_barcode=trunk.shown_code)


def check_placing(copy: CopyDetail, trunk: CopyDetail) -> None:
    """Raise NotATrunk, TrunkInTrunk, OfAnotherOwner, NotToBePlaced or CopyInsideTrunk unless it may go in."""
    if trunk.kind != Kind.TRUNK:
        raise NotATrunk(barcode=trunk.shown_code)
    if copy.kind == Kind.TRUNK:
        raise TrunkInTrunk(barcode=copy.shown_code)
    if copy.owner_id != trunk.owner_id:
        raise OfAnotherOwner(copy.shown_code, owner_name=copy.owner_name)
    check_alone(copy)
    if copy.status not in PLACEABLE:
        raise NotToBePlaced(barcode=copy.shown_code)
