"""Use cases of shipping: each public method is one transaction."""

import datetime as dt
from collections.abc import Callable, Sequence

from sqlalchemy.orm import Session

from lending.core.actor import Actor, Role
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import LendingError, NotFound
from lending.network import queries as network
from lending.shipping import queries
from lending.shipping.rules import TransferNotThere, TransferState
from lending.shipping.schemas import (
    ArrivalResult,
    ArrivalScan,
    BatchLine,
    NewTransfer,
    TransferStep,
    TransferView,
)
from lending.shipping.service import arriving, moving
from lending.shipping.tables import Transfer

Step = Callable[[Session, Actor, int, dt.datetime], Transfer]


class Shipping:
    """Copies on their way between depots."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """Takes the database and the source of now."""
        self._db = db
        self._clock = clock

    def plan(self, actor: Actor, new: NewTransfer) -> TransferView:
        """Plan a move. Raises UnknownBarcode, SameDepot, TransferOpen, CopyIsNeeded, Forbidden, NotFound."""
        with self._db.write() as session:
            return queries.one(session, moving.plan(session, actor, new, self._clock.now()).id)

    def mark_ready(self, actor: Actor, transfer_id: int) -> TransferView:
        """The copy is packed. Raises TransferNotThere, Forbidden, NotFound."""
        return self._step(moving.ready, actor, transfer_id)

    def send(self, actor: Actor, transfer_id: int) -> TransferView:
        """The copy leaves. Raises TransferNotThere, CopyIsNeeded, Forbidden, NotFound."""
        return self._step(moving.send, actor, transfer_id)

    def cancel(self, actor: Actor, transfer_id: int) -> TransferView:
        """Do not move it; what left already comes back. Raises TransferNotThere, Forbidden, NotFound."""
        return self._step(moving.cancel, actor, transfer_id)

    def lose(self, actor: Actor, transfer_id: int) -> TransferView:
        """It never arrived. Raises TransferNotThere, Forbidden, NotFound."""
        return self._step(moving.lose, actor, transfer_id)

    def redirect(self, actor: Actor, transfer_id: int, to_depot_id: int) -> TransferView:
        """Another destination for a copy on its way. Raises TransferNotThere, Forbidden, NotFound."""
        now = self._clock.now()
        with self._db.write() as session:
            transfer = moving.locked(session, transfer_id)
            moving.require_depot(session, actor, transfer.from_depot_id, Role.STAFF, Role.COORDINATOR)
            network.depot(session, to_depot_id)
            if transfer.state != TransferState.SENT:
                raise TransferNotThere(state=transfer.state, wanted="redirected")
            moving.redirect(session, actor, transfer, to_depot_id, now)
            return queries.one(session, transfer_id)

    def arrive(self, actor: Actor, scan: ArrivalScan) -> ArrivalResult:
        """A copy came in at a depot. Raises SentJustNow, CopyNotInDepot, UnknownBarcode, Forbidden, NotFound."""
        with self._db.write() as session:
            return arriving.arrive(session, actor, scan, self._clock.now())

    def receive_expected(self, actor: Actor, depot_id: int, code: str) -> ArrivalResult | None:
        """Receive a copy that was sent to this depot; None, and no change, for any other one.

        Raises UnknownBarcode, DamagedBarcode, Forbidden, NotFound.
        """
        with self._db.write() as session:
            return arriving.receive_expected(session, actor, depot_id, code, self._clock.now())

    def arrive_all(self, actor: Actor, depot_id: int, codes: Sequence[str]) -> list[BatchLine]:
        """Many came in together: each by itself, so that a foreign one stops nobody."""
        return [self._line(actor, depot_id, code) for code in codes]

    def collect(self, actor: Actor, depot_id: int, code: str, booking_id: int) -> TransferView:
        """Receive a copy and hand it over in one step. Raises like `arrive` and like a hand-over."""
        with self._db.write() as session:
            return arriving.collect(session, actor, depot_id, code, booking_id, self._clock.now())

    def transfers(self, actor: Actor, depot_id: int) -> list[TransferView]:
        """What leaves or reaches a depot: for its staff. Raises Forbidden, NotFound."""
        with self._db.read() as session:
            moving.require_depot(session, actor, depot_id, Role.STAFF, Role.COORDINATOR)
            return queries.touching(session, [depot_id])

    def custody(self, actor: Actor, copy_id: int) -> list[TransferStep]:
        """Every hand that a copy went through between depots: for staff at either end. Raises Forbidden, NotFound."""
        with self._db.read() as session:
            transfer = queries.latest_of_copy(session, copy_id)
            if transfer is None:
                raise NotFound
            moving.require_depot(session, actor, transfer.to_depot_id, Role.STAFF, Role.COORDINATOR)
            return queries.steps(session, Transfer.copy_id == copy_id)

    def _line(self, actor: Actor, depot_id: int, code: str) -> BatchLine:
        try:
            result = self.arrive(actor, ArrivalScan(code=code, depot_id=depot_id))
        except LendingError as refusal:
            return BatchLine(code=code, is_ok=False, type=refusal.slug, detail=str(refusal))
        return BatchLine(code=code, is_ok=result.what == "received", type=result.what, detail="")

    def _step(self, step: Step, actor: Actor, transfer_id: int) -> TransferView:
        with self._db.write() as session:
            step(session, actor, transfer_id, self._clock.now())
            return queries.one(session, transfer_id)
