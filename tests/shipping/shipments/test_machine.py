"""Whatever people do with transfers, shipments and loans, in any order: no copy in two places, none lost unnoted.

MACHINE_EXAMPLES sets how many stories are told on SQLite; on PostgreSQL it is a quarter of them.
"""

import itertools
import os
from collections import Counter
from typing import ClassVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test
from sqlalchemy import Table, select

from lending.catalog.tables import Copy
from lending.core.actor import Actor, Role
from lending.core.database import Base, Database
from lending.core.errors import Conflict, LendingError, NotFound
from lending.loans.tables import Booking
from lending.network.tables import Depot
from lending.shipping.custody.rules import HolderKind
from lending.shipping.custody.service import Custody
from lending.shipping.schemas import ArrivalScan, NewTransfer
from lending.shipping.service import Shipping
from lending.shipping.shipments.schemas import Departure, Handover, NewShipment, PackScan, ParcelScan
from lending.shipping.shipments.service import Shipments
from lending.shipping.shipments.tables import Shipment, ShipmentEvent, ShipmentLine
from lending.shipping.tables import Transfer, TransferEvent
from tests.kit.catalog import create_copies, create_title
from tests.kit.clock import MONDAY_MORNING, FixedClock
from tests.kit.loans import DAY, EVERY_DAY, World, create_world
from tests.kit.network import create_depot, create_person

EXAMPLES = int(os.environ.get("MACHINE_EXAMPLES", "12"))
COPIES = 3
OPEN = ("planned", "ready", "sent")
picks = st.integers(0, 50)


def of_copies() -> list[Table]:
    """The tables of copies and of what hangs on them, and the messages: what a story leaves behind."""
    found = {"copy", "outbox", "notice"}
    for table in Base.metadata.sorted_tables:
        if any(key.column.table.name in found for key in table.foreign_keys):
            found.add(table.name)
    return [table for table in reversed(Base.metadata.sorted_tables) if table.name in found]


class Moving(RuleBasedStateMachine):
    """Three depots, three copies of a title, and one person who works everywhere."""

    world: ClassVar[World]
    everywhere: ClassVar[Actor]
    depots: ClassVar[list[Depot]]

    @initialize()
    def begin(self) -> None:
        world = self.world
        self.shipping, self.shipments = Shipping(world.db, world.clock), Shipments(world.db, world.clock)
        self.custody = Custody(world.db)
        world.clock.instant = MONDAY_MORNING
        with world.db.write() as session:
            for table in of_copies():
                session.execute(table.delete())
            world.title = create_title(session, world.federation)
            world.copies = create_copies(session, world.title, world.depot, COPIES)
        self.done: Counter[str] = Counter()

    # What people do. Whatever is refused must have changed nothing: the invariants look after each step.

    @rule(copy=picks, depot=picks, start=st.integers(0, 3), keep=st.booleans())
    def plan(self, copy: int, depot: int, start: int, keep: bool) -> None:
        new = NewTransfer(
            code=self._code(copy),
            to_depot_id=self._depot(depot),
            leaves_on=self.world.today + start * DAY,
            keep_at_destination=keep,
        )
        self._try("plan", lambda: self.shipping.plan(self.everywhere, new))

    @rule(copy=picks, act=st.sampled_from(["send", "send", "cancel", "lose", "mark_ready"]))
    def step(self, copy: int, act: str) -> None:
        transfer_id = self._transfer_of(copy)
        if transfer_id is not None:
            self._try(act, lambda: getattr(self.shipping, act)(self.everywhere, transfer_id))

    @rule(copy=picks, depot=picks)
    def redirect(self, copy: int, depot: int) -> None:
        transfer_id = self._transfer_of(copy)
        if transfer_id is not None:
            self._try("redirect", lambda: self.shipping.redirect(self.everywhere, transfer_id, self._depot(depot)))

    @rule(copy=picks, depot=picks, confirmed=st.booleans())
    def scan(self, copy: int, depot: int, confirmed: bool) -> None:
        scan = ArrivalScan(code=self._code(copy), depot_id=self._depot(depot), is_confirmed=confirmed)
        self._try("scan", lambda: self.shipping.arrive(self.everywhere, scan))

    @rule(origin=picks, depot=picks, copies=st.lists(picks, min_size=1, max_size=3), send=st.booleans())
    def ship(self, origin: int, depot: int, copies: list[int], send: bool) -> None:
        """Several copies at once, as people do."""
        new = NewShipment(from_depot_id=self._depot(origin), to_depot_id=self._depot(depot))
        if new.from_depot_id == new.to_depot_id:
            return
        shipment_id = self.shipments.prepare(self.everywhere, new).summary.id
        for copy in copies:
            scan = PackScan(code=self._code(copy), parcel=1, unplanned=True)
            self._try("pack", lambda scan=scan: self.shipments.pack(self.everywhere, shipment_id, scan))
        if send:
            self._try("send all", lambda: self.shipments.send(self.everywhere, shipment_id, Departure(carrier="Anne")))

    @rule(pick=picks, act=st.sampled_from(["send", "cancel", "close", "hand_on"]))
    def act_on_shipment(self, pick: int, act: str) -> None:
        shipment_id = self._shipment(pick)
        if shipment_id is None:
            return
        more = {"send": [Departure()], "hand_on": [Handover(holder="Paul")]}.get(act, [])
        self._try(f"shipment {act}", lambda: getattr(self.shipments, act)(self.everywhere, shipment_id, *more))

    @rule(pick=picks, copy=picks, is_parcel=st.booleans(), damaged=st.booleans())
    def receive(self, pick: int, copy: int, is_parcel: bool, damaged: bool) -> None:
        shipment_id = self._shipment(pick)
        if shipment_id is None:
            return
        parcels = self.shipments.shipment(self.everywhere, shipment_id).parcels
        code = parcels[0].code if is_parcel else self._code(copy)
        scan = ParcelScan(code=code, is_damaged=damaged and not is_parcel)
        self._try("receive", lambda: self.shipments.receive(self.everywhere, shipment_id, scan))

    @rule(depot=picks, start=st.integers(0, 4), length=st.integers(1, 4))
    def reserve(self, depot: int, start: int, length: int) -> None:
        wished = {"depot_id": self._depot(depot)}
        self._try("reserve", lambda: self.world.reserve(start, length, self.everywhere, **wished))

    @rule(pick=picks)
    def hand_over(self, pick: int) -> None:
        found = self._bookings("planned", "loan")
        if not found:
            return
        booking = found[pick % len(found)]
        copy = next((one for one in self.world.copies if one.id == booking.copy_id), self.world.copies[0])
        loans, place = self.world.loans, booking.depot_id
        self._try("hand over", lambda: loans.check_out(self.everywhere, place, copy.code, booking.id))

    @rule(pick=picks)
    def take_back(self, pick: int) -> None:
        found = self._bookings("out", "loan")
        if found:
            booking = found[pick % len(found)]
            copy = next(one for one in self.world.copies if one.id == booking.copy_id)
            loans = self.world.loans
            self._try("take back", lambda: loans.check_in(self.everywhere, booking.depot_id, copy.code))

    @rule(copy=picks)
    def repair(self, copy: int) -> None:
        """What arrived damaged is mended."""
        row = self.world.copies[copy % COPIES]
        if self.world.copy_status(row) == "repair":
            self.world.set_copy(row, status="lendable")

    @rule(hours=st.sampled_from([1, 5, 24, 48]))
    def wait(self, hours: int) -> None:
        self.world.clock.advance(hours=hours)

    # What must hold after every step.

    @invariant()
    def no_copy_is_promised_or_held_twice(self) -> None:
        for copy in self.world.copies:
            bookings = [one for one in self._bookings("planned", "out") if one.copy_id == copy.id]
            assert sum(one.state == "out" for one in bookings) <= 1
            spans = sorted((one.blocked_starts_on, one.blocked_ends_on) for one in bookings)
            assert all(before[1] <= after[0] for before, after in itertools.pairwise(spans))

    @invariant()
    def a_transfer_under_way_is_the_only_possession(self) -> None:
        with self.world.db.read() as session:
            transfers = session.scalars(select(Transfer)).all()
            bookings = {one.id: one for one in session.scalars(select(Booking))}
        for copy in self.world.copies:
            mine = [one for one in transfers if one.copy_id == copy.id and one.state in OPEN]
            assert len(mine) <= 1, "one way at a time"
            for transfer in transfers:
                if transfer.copy_id == copy.id:
                    assert (bookings[transfer.booking_id].state == "out") == (transfer.state == "sent")

    @invariant()
    def nothing_is_lost_without_a_record(self) -> None:
        with self.world.db.read() as session:
            lost = set(session.scalars(select(Copy.id).where(Copy.status == "lost")))
            noted = set(
                session.scalars(
                    select(Transfer.copy_id)
                    .join(TransferEvent, TransferEvent.transfer_id == Transfer.id)
                    .where(TransferEvent.act == "lost")
                )
            )
            closed = session.execute(
                select(ShipmentLine, Transfer.state)
                .join(Shipment, Shipment.id == ShipmentLine.shipment_id)
                .join(Transfer, Transfer.id == ShipmentLine.transfer_id)
                .where(Shipment.state == "received", ShipmentLine.arrived_at.is_(None))
            ).all()
            missing = {
                (one.shipment_id, one.copy_id)
                for one in session.scalars(select(ShipmentEvent).where(ShipmentEvent.act == "missing"))
            }
        assert lost <= noted
        for line, state in closed:
            assert state == "received" or (line.shipment_id, line.copy_id) in missing

    @invariant()
    def custody_is_never_empty_and_has_no_gap(self) -> None:
        states = self._states()
        for copy in self.world.copies:
            held = self.custody.of_copy(self.everywhere, copy.id).holdings[::-1]
            assert held
            assert held[-1].until_at is None
            for before, after in itertools.pairwise(held):
                assert before.until_at == after.since_at
            expected = {
                "sent": {HolderKind.ROAD, HolderKind.PERSON},
                "out": {HolderKind.SCHOOL},
                "lost": {HolderKind.LOST},
                "": {HolderKind.DEPOT},
            }[states[copy.id]]
            assert held[-1].kind in expected, (states[copy.id], [(one.kind, one.name) for one in held])

    # Helpers of the story.

    def _try(self, name: str, act: object) -> None:
        """Each act has its own instant, as in life; what is refused must say so in an error of ours."""
        self.world.clock.advance(minutes=1)
        try:
            act()  # type: ignore[operator]  # a lambda without arguments
        except (Conflict, NotFound):
            self.done[f"{name} refused"] += 1
        except LendingError as error:
            raise AssertionError(error.slug) from error
        else:
            self.done[name] += 1

    def _states(self) -> dict[int, str]:
        """Per copy: on its way, at a school, lost, or '' for on a shelf."""
        with self.world.db.read() as session:
            statuses = {row.id: row.status for row in session.execute(select(Copy.id, Copy.status))}
            out = session.scalars(select(Booking).where(Booking.state == "out")).all()
        found = {id_: "lost" if status == "lost" else "" for id_, status in statuses.items()}
        return found | {one.copy_id or 0: "sent" if one.cause == "transfer" else "out" for one in out}

    def _bookings(self, *wanted: str) -> list[Booking]:
        with self.world.db.read() as session:
            rows = session.scalars(select(Booking).order_by(Booking.id)).all()
        causes = {"loan", "transfer"} & set(wanted)
        return [one for one in rows if one.state in wanted and (not causes or one.cause in causes)]

    def _transfer_of(self, copy: int) -> int | None:
        query = select(Transfer.id).where(Transfer.copy_id == self.world.copies[copy % COPIES].id)
        with self.world.db.read() as session:
            return session.scalar(query.order_by(Transfer.id.desc()).limit(1))

    def _shipment(self, pick: int) -> int | None:
        with self.world.db.read() as session:
            ids = session.scalars(select(Shipment.id).order_by(Shipment.id.desc()).limit(4)).all()
        return ids[pick % len(ids)] if ids else None

    def _code(self, copy: int) -> str:
        return self.world.copies[copy % COPIES].code

    def _depot(self, pick: int) -> int:
        return self.depots[pick % len(self.depots)].id


def test_nothing_that_moves_is_lost_or_in_two_places(database: Database, clock: FixedClock) -> None:
    world = create_world(database, clock, copies=1, preparation_days=0, turnaround_days=0, lead_days=0)
    with world.db.write() as session:
        others = [create_depot(session, world.association, name, EVERY_DAY) for name in ("Redon", "Vitré")]
        Moving.everywhere = create_person(session, Role.ADMIN, world.federation)
    Moving.world, Moving.depots = world, [world.depot, *others]
    share = 1 if database.is_sqlite else 4
    run_state_machine_as_test(
        Moving,
        settings=settings(
            max_examples=max(5, EXAMPLES // share),
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
