"""Use cases of counting: several hands and devices at once, each scan kept once."""

import datetime as dt
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.catalog.errors import DamagedBarcode, TitleCodeScanned, UnknownBarcode
from lending.catalog.queries.copies import copy_id_by_code
from lending.catalog.requests import EditCopy
from lending.catalog.rules import Status, clean_line
from lending.catalog.service.copies import edit_copy, locked_copy
from lending.catalog.stocktakes import queries
from lending.catalog.stocktakes.errors import AlreadyCounting, StocktakeClosed
from lending.catalog.stocktakes.queries import FindWhereabouts
from lending.catalog.stocktakes.rules import Finding, Place, findings, first_overlapping
from lending.catalog.stocktakes.schemas import (
    Closing,
    NewStocktake,
    ScanInput,
    Scanned,
    ScanResultLine,
    StocktakeSummary,
    StocktakeView,
)
from lending.catalog.stocktakes.tables import Stocktake, StocktakeLine, StocktakeScan
from lending.catalog.tables import Copy
from lending.core.actor import Actor, Role
from lending.core.barcodes import parse_scan
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import NotFound
from lending.network.tables import Depot

OnCopiesChanged = Callable[[Session, int, dt.datetime], None]


class Stocktakes:
    """Counts what stands in a depot."""

    def __init__(
        self, db: Database, clock: Clock, find_whereabouts: FindWhereabouts, on_copies_changed: OnCopiesChanged
    ) -> None:
        """`find_whereabouts` tells what is out and came back; `on_copies_changed` plans bookings anew."""
        self._db = db
        self._clock = clock
        self._find_whereabouts = find_whereabouts
        self._on_copies_changed = on_copies_changed

    def stocktakes(self, actor: Actor, depot_id: int) -> list[StocktakeSummary]:
        """A depot's counts, the latest first. Raises NotFound, Forbidden."""
        with self._db.read() as session:
            actor.require(queries.path_of_depot(session, depot_id), Role.STAFF, Role.COORDINATOR)
            return queries.summaries(session, Stocktake.depot_id == depot_id)

    def open(self, actor: Actor, depot_id: int, new: NewStocktake) -> StocktakeView:
        """Begin to count. Raises NotFound, Forbidden, AlreadyCounting."""
        now, place = self._clock.now(), Place(depot_id, clean_line(new.shelf))
        with self._db.write() as session:
            actor.require(queries.path_of_depot(session, depot_id), Role.STAFF)
            # The depot's row makes two who begin at once take turns.
            session.get_one(Depot, depot_id, with_for_update=True)
            going_on = {queries.place_of(one): one.id for one in queries.open_in(session, depot_id)}
            if other := first_overlapping(place, list(going_on)):
                raise AlreadyCounting(stocktake_id=going_on[other])
            row = Stocktake(depot_id=depot_id, shelf=place.shelf, opened_at=now, opened_by=actor.person_id)
            session.add(row)
            session.flush()
            return self._view(session, row)

    def view(self, actor: Actor, stocktake_id: int) -> StocktakeView:
        """A count as it stands, or its report. Raises NotFound, Forbidden."""
        with self._db.read() as session:
            row = _found(session, actor, stocktake_id, Role.STAFF, Role.COORDINATOR)
            return self._view(session, row)

    def scan(self, actor: Actor, stocktake_id: int, scans: Sequence[ScanInput]) -> Scanned:
        """Keep what was read, each key once, and say what it is. Raises NotFound, Forbidden, StocktakeClosed."""
        now = self._clock.now()
        with self._db.write() as session:
            row = _locked(session, actor, stocktake_id)
            known = _known_keys(session, row.id, [one.key for one in scans])
            for one in scans:
                if one.key not in known:
                    known[one.key] = _keep(session, actor, row, one, now)
            session.flush()
            return self._told(session, row, scans, known)

    def close(self, actor: Actor, stocktake_id: int, closing: Closing) -> StocktakeView:
        """End a count and keep its report. Raises NotFound, Forbidden, StocktakeClosed."""
        now = self._clock.now()
        with self._db.write() as session:
            row = _locked(session, actor, stocktake_id)
            found = self._findings(session, row)
            session.add_all(
                StocktakeLine(stocktake_id=row.id, copy_id=copy_id, finding=finding.value)
                for copy_id, finding in found.items()
            )
            row.state, row.closed_at, row.closed_by = "closed", now, actor.person_id
            row.version += 1
            session.flush()
            self._put_right(session, actor, row, found, closing, now)
            return self._view(session, row)

    def _findings(self, session: Session, row: Stocktake) -> dict[int, Finding]:
        seen, place = queries.seen_at(session, row.id), queries.place_of(row)
        where = self._find_whereabouts(session, row.depot_id, list(seen), row.opened_at)
        return findings(queries.known_copies(session, place, seen, where), place, seen, row.opened_at)

    def _view(self, session: Session, row: Stocktake) -> StocktakeView:
        is_open = row.state == "open"
        found = self._findings(session, row) if is_open else queries.stored_findings(session, row.id)
        (summary,) = queries.summaries(session, Stocktake.id == row.id)
        counts = Counter(finding.value for finding in found.values())
        told = {copy_id: finding for copy_id, finding in found.items() if finding != Finding.COUNTED}
        return StocktakeView(
            summary=summary,
            numbers={finding.value: counts[finding.value] for finding in Finding},
            copies=queries.counted_copies(session, told),
            unknown=queries.unknown_codes(session, row.id),
            version=row.version,
        )

    def _told(
        self, session: Session, row: Stocktake, scans: Sequence[ScanInput], known: Mapping[str, int | None]
    ) -> Scanned:
        found = self._findings(session, row)
        ids = {copy_id for copy_id in known.values() if copy_id is not None}
        copies = {one.copy_id: one for one in queries.counted_copies(session, {id_: found[id_] for id_ in ids})}
        return Scanned(
            [ScanResultLine(key=one.key, code=one.code, copy=copies.get(known[one.key] or 0)) for one in scans]
        )

    def _put_right(
        self,
        session: Session,
        actor: Actor,
        row: Stocktake,
        found: Mapping[int, Finding],
        closing: Closing,
        now: dt.datetime,
    ) -> None:
        place = {"depot_id": row.depot_id, "shelf": row.shelf} if row.shelf else {"depot_id": row.depot_id}
        for copy_id, finding in found.items():
            if finding == Finding.MISSING and closing.missing_are_lost:
                self._edit(session, actor, row, copy_id, EditCopy(status=Status.LOST), now)
            if finding == Finding.MISPLACED and closing.misplaced_belong_here:
                self._edit(session, actor, row, copy_id, EditCopy(**place), now)

    def _edit(
        self, session: Session, actor: Actor, row: Stocktake, copy_id: int, edit: EditCopy, now: dt.datetime
    ) -> None:
        """Change a copy of the depot's own association; what others own is for them to change."""
        if not _is_own(session, row, copy_id):
            return
        locked_copy(session, actor, copy_id)
        if copy_id in self._find_whereabouts(session, row.depot_id, [copy_id], row.opened_at).left_at:
            # Handed over between the count and the lock.
            session.get_one(StocktakeLine, (row.id, copy_id)).finding = Finding.OUT.value
            return
        copy = edit_copy(session, actor, copy_id, edit, None, now)
        self._on_copies_changed(session, copy.title_id, now)


def _found(session: Session, actor: Actor, stocktake_id: int, *roles: Role) -> Stocktake:
    row = session.get(Stocktake, stocktake_id)
    if row is None:
        raise NotFound
    actor.require(queries.path_of_depot(session, row.depot_id), *roles)
    return row


def _locked(session: Session, actor: Actor, stocktake_id: int) -> Stocktake:
    _found(session, actor, stocktake_id, Role.STAFF)
    row = session.get_one(Stocktake, stocktake_id, with_for_update=True, populate_existing=True)
    if row.state != "open":
        raise StocktakeClosed
    return row


def _known_keys(session: Session, stocktake_id: int, keys: Sequence[str]) -> dict[str, int | None]:
    query = select(StocktakeScan.key, StocktakeScan.copy_id).where(
        StocktakeScan.stocktake_id == stocktake_id, StocktakeScan.key.in_(keys)
    )
    return dict(iter(session.execute(query)))


def _keep(session: Session, actor: Actor, row: Stocktake, one: ScanInput, now: dt.datetime) -> int | None:
    """Write a scan down and give its copy."""
    copy_id = _copy_of(session, one.code)
    session.add(
        StocktakeScan(
            stocktake_id=row.id,
            key=one.key,
            code=(parse_scan(clean_line(one.code)) or clean_line(one.code) or "?")[:60],
            copy_id=copy_id,
            person_id=actor.person_id,
            seen_at=_seen_at(row, one, now),
            device_at=one.device_at,
            received_at=now,
        )
    )
    return copy_id


def _seen_at(row: Stocktake, one: ScanInput, now: dt.datetime) -> dt.datetime:
    """When the copy was seen, by our clock: never before the count began, never in the future."""
    if one.device_at is None:
        return now
    return max(row.opened_at, min(now, one.device_at + dt.timedelta(milliseconds=one.offset_ms)))


def _copy_of(session: Session, code: str) -> int | None:
    try:
        return copy_id_by_code(session, code)
    except (UnknownBarcode, DamagedBarcode, TitleCodeScanned):
        return None


def _is_own(session: Session, row: Stocktake, copy_id: int) -> bool:
    owner = session.scalar(select(Copy.owner_id).where(Copy.id == copy_id))
    return owner == session.scalar(select(Depot.association_id).where(Depot.id == row.depot_id))
