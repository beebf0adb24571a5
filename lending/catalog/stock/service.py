"""An association's copies on one list, and many of them changed at once."""

import datetime as dt
from collections.abc import Sequence

from sqlalchemy.orm import Session

from lending.catalog import queries
from lending.catalog.errors import UnknownDepot
from lending.catalog.requests import EditCopy
from lending.catalog.rules import Status
from lending.catalog.schemas import CopyDetail
from lending.catalog.service import CopiesWatcher
from lending.catalog.service.copies import edit_copy
from lending.catalog.stock.errors import NoCopyChosen
from lending.catalog.stock.queries import stock_page
from lending.catalog.stock.schemas import StockChange, StockChanged, StockFilter, StockRefusal
from lending.core.actor import Actor, Role
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import LendingError, NotFound
from lending.core.paging import MAX_PAGE_SIZE, Page, decode_cursor
from lending.network import queries as network
from lending.network.tables import Depot

STATUS_AFTER = {"block": Status.BLOCKED, "unblock": Status.LENDABLE, "withdraw": Status.WITHDRAWN}


class Stock:
    """What an association owns, for its staff."""

    def __init__(self, db: Database, clock: Clock, on_copies_changed: CopiesWatcher) -> None:
        """`on_copies_changed` plans bookings anew, as in `Catalog`."""
        self._db = db
        self._clock = clock
        self._on_copies_changed = on_copies_changed

    def copies(
        self, actor: Actor, association_id: int, wanted: StockFilter, cursor: str | None = None, limit: int = 50
    ) -> Page[CopyDetail]:
        """The copies that fit, by title, a page at a time. Raises NotFound, Forbidden, BadCursor."""
        after, size = decode_cursor(cursor) if cursor else None, max(1, min(limit, MAX_PAGE_SIZE))
        with self._db.read() as session:
            actor.require(network.path_of(session, association_id), Role.STAFF, Role.COORDINATOR)
            return stock_page(session, association_id, wanted, after, size)

    def change(self, actor: Actor, association_id: int, change: StockChange) -> StockChanged:
        """Do the same to many copies: all that can be is done, and each refusal is told.

        Raises NotFound, Forbidden, NoCopyChosen, UnknownDepot.
        """
        now = self._clock.now()
        with self._db.write() as session:
            actor.require(network.path_of(session, association_id), Role.STAFF)
            copies, edit = _chosen(session, association_id, change), _edit(session, association_id, change)
            refused = _changed(session, actor, copies, edit, now)
            # What stays the same plans the same: titles of refused copies need no second look, but may have one.
            for title_id in sorted({one.title_id for one in copies}):
                self._on_copies_changed(session, title_id, now)
        return StockChanged(changed=len(copies) - len(refused), refused=refused)


def _chosen(session: Session, association_id: int, change: StockChange) -> list[CopyDetail]:
    """The copies, in the order in which titles are locked everywhere."""
    if not change.copies:
        raise NoCopyChosen
    found = queries.copies(session, change.copies)
    if len(found) != len(set(change.copies)) or any(one.owner_id != association_id for one in found):
        raise NotFound
    return sorted(found, key=lambda one: (one.title_id, one.id))


def _edit(session: Session, association_id: int, change: StockChange) -> EditCopy:
    match change.action:
        case "shelf":
            return EditCopy(shelf=change.shelf)
        case "depot":
            return EditCopy(depot_id=_depot(session, association_id, change.depot_id or 0))
        case _:
            return EditCopy(status=STATUS_AFTER[change.action])


def _depot(session: Session, association_id: int, depot_id: int) -> int:
    depot = session.get(Depot, depot_id)
    if depot is None or depot.association_id != association_id:
        raise UnknownDepot(depot_id=depot_id)
    return depot_id


def _changed(
    session: Session, actor: Actor, copies: Sequence[CopyDetail], edit: EditCopy, now: dt.datetime
) -> list[StockRefusal]:
    refused = []
    for copy in copies:
        try:
            with session.begin_nested():
                edit_copy(session, actor, copy.id, edit, None, now)
        except LendingError as error:
            refused.append(StockRefusal(code=copy.code, shown_code=copy.shown_code, reason=str(error)))
    return refused
