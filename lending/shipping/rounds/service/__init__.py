"""Use cases of rounds: each public method is one transaction, but ordering runs between a read and a write."""

import datetime as dt

import msgspec

from lending.core.actor import Actor, Role
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import NotFound
from lending.network import queries as network
from lending.shipping.rounds import queries
from lending.shipping.rounds.rules.places import Router
from lending.shipping.rounds.rules.states import check_planned, monday_of, reference_of
from lending.shipping.rounds.schemas import (
    CarriedView,
    NewRound,
    OfflineRound,
    RoundSummary,
    RoundView,
    StopHours,
    StopOrder,
    StopScan,
    StopScanned,
    StopVisit,
)
from lending.shipping.rounds.service import driving, planning
from lending.shipping.rounds.service.driving import Moment
from lending.shipping.rounds.service.reading import view_of
from lending.shipping.rounds.service.replaying import PhoneActs
from lending.shipping.rounds.service.sheet import sheet_of
from lending.shipping.rounds.service.situation import situation_of
from lending.shipping.rounds.solving.ordering import order
from lending.shipping.rounds.tables import Round
from lending.shipping.service import moving


class Rounds(PhoneActs):
    """Vans of depots."""

    def __init__(self, db: Database, clock: Clock, router: Router) -> None:
        """Takes the database, the source of now and who knows the roads."""
        super().__init__(db, clock)
        self._router = router

    def carried_in_week(self, actor: Actor, depot_id: int, day: dt.date) -> list[CarriedView]:
        """What a depot could bring and collect in the week of a day. Raises Forbidden, NotFound."""
        with self._db.read() as session:
            moving.require_depot(session, actor, depot_id, Role.STAFF, Role.COORDINATOR)
            return queries.carried_in_week(session, queries.depot_row(session, depot_id), monday_of(day))

    def at_depot(self, actor: Actor, depot_id: int) -> list[RoundSummary]:
        """A depot's rounds: those to come, then the last ones. Raises Forbidden, NotFound."""
        with self._db.read() as session:
            moving.require_depot(session, actor, depot_id, Role.STAFF, Role.COORDINATOR)
            return queries.of_depot(session, depot_id)

    def round(self, actor: Actor, round_id: int) -> RoundView:
        """One, for the staff of its depot and coordinators above. Raises Forbidden, NotFound."""
        with self._db.read() as session:
            row = session.get(Round, round_id)
            if row is None:
                raise NotFound
            moving.require_depot(session, actor, row.depot_id, Role.STAFF, Role.COORDINATOR)
            return view_of(session, row, self._router)

    def offline_round(self, actor: Actor, round_id: int) -> OfflineRound:
        """What the phone that drives it keeps: for the staff of its depot. Raises Forbidden, NotFound."""
        with self._db.read() as session:
            row = session.get(Round, round_id)
            if row is None:
                raise NotFound
            moving.require_depot(session, actor, row.depot_id, Role.STAFF)
            view = view_of(session, row, self._router)
        nameless = msgspec.structs.replace(view, summary=msgspec.structs.replace(view.summary, driver=""))
        return OfflineRound(made_at=self._clock.now(), round=nameless)

    def may_act(self, actor: Actor, view: RoundView) -> bool:
        """Whether the person plans and drives it: staff of its depot. Raises NotFound."""
        with self._db.read() as session:
            depot = queries.depot_row(session, view.summary.depot_id)
            return actor.covers(network.path_of(session, depot.association_id), Role.STAFF)

    def sheet(self, actor: Actor, round_id: int) -> bytes:
        """The round sheet as PDF. Raises CannotTypeset, Forbidden, NotFound."""
        return sheet_of(self.round(actor, round_id), self._clock.now())

    def plan(self, actor: Actor, new: NewRound) -> RoundView:
        """Put errands of the week on stops and order these.

        Raises NothingToCarry, RoundInThePast, BadRoundHours, NotToCarry, OnAnotherRound, DepotNotOnMap, Forbidden.
        """
        with self._db.write() as session:
            row = planning.begin(session, actor, new, self._clock.now())
            situation_of(session, row, self._router)
            round_id, version = row.id, row.version
        return self.order_again(actor, round_id, version)

    def order_again(self, actor: Actor, round_id: int, version: int) -> RoundView:
        """The shortest order that keeps hours and capacity. Nobody waits for a lock while it is looked for.

        Raises RoundChanged, RoundAlreadyStarted, RoundIsOver, Forbidden, NotFound.
        """
        with self._db.read() as session:
            row = session.get(Round, round_id)
            if row is None:
                raise NotFound
            # Nobody else makes the machine search: it is asked before, and again when it is written down.
            moving.require_depot(session, actor, row.depot_id, Role.STAFF)
            check_planned(row.state, reference_of(row.id))
            situation = situation_of(session, row, self._router)
        found = order(situation.calls, situation.van, situation.ways)
        with self._db.write() as session:
            row = planning.to_plan(session, actor, round_id, version)
            stop_ids = [situation.stops[number].id for number in found.inside]
            planning.arrange(session, row, StopOrder(stop_ids=stop_ids, version=version), self._router)
            return view_of(session, row, self._router)

    def arrange(self, actor: Actor, round_id: int, new: StopOrder) -> RoundView:
        """Order the stops by hand. Raises RoundChanged, RoundAlreadyStarted, RoundIsOver, Forbidden, NotFound."""
        with self._db.write() as session:
            row = planning.to_plan(session, actor, round_id, new.version)
            planning.arrange(session, row, new, self._router)
            return view_of(session, row, self._router)

    def set_hours(self, actor: Actor, round_id: int, stop_id: int, hours: StopHours) -> RoundView:
        """Say when somebody is at a stop. Raises BadRoundHours and like `arrange`."""
        with self._db.write() as session:
            row = planning.to_plan(session, actor, round_id, hours.version)
            planning.set_hours(session, row, stop_id, hours, self._router)
            return view_of(session, row, self._router)

    def remove_stop(self, actor: Actor, round_id: int, stop_id: int) -> RoundView:
        """Take a stop off the round. Raises RoundAlreadyStarted, RoundIsOver, Forbidden, NotFound."""
        with self._db.write() as session:
            row = planning.to_plan(session, actor, round_id)
            planning.remove(session, row, stop_id, self._router)
            return view_of(session, row, self._router)

    def start(self, actor: Actor, round_id: int) -> RoundView:
        """The van leaves, and with it the shipments that it brings, all or none.

        Raises NothingToCarry, RoundAlreadyStarted, RoundIsOver, what sending a shipment raises, Forbidden, NotFound.
        """
        with self._db.write() as session:
            return view_of(session, driving.start(session, actor, round_id, self._clock.now()), self._router)

    def scan(self, actor: Actor, round_id: int, stop_id: int, scan: StopScan) -> StopScanned:
        """A copy or a parcel changes hands at a stop.

        Raises NotForThisStop, StopIsVisited, RoundNotStarted, RoundIsOver, UnknownBarcode, what the desk raises.
        """
        with self._db.write() as session:
            what, label = driving.scan(session, actor, round_id, stop_id, scan.code, Moment(self._clock.now()))
            row = session.get_one(Round, round_id)
            return StopScanned(what=what, label=label, round=view_of(session, row, self._router))

    def visit(self, actor: Actor, round_id: int, stop_id: int, left: StopVisit) -> RoundView:
        """The van leaves a stop; what has not changed hands is missed. Raises StopIsVisited and like `scan`."""
        with self._db.write() as session:
            row = driving.visit(session, actor, round_id, stop_id, left.note, Moment(self._clock.now()))
            return view_of(session, row, self._router)

    def close(self, actor: Actor, round_id: int) -> RoundView:
        """The van is back. Raises RoundNotStarted, RoundIsOver, Forbidden, NotFound."""
        with self._db.write() as session:
            return view_of(session, driving.close(session, actor, round_id, self._clock.now()), self._router)

    def cancel(self, actor: Actor, round_id: int) -> RoundView:
        """It does not leave. Raises RoundAlreadyStarted, RoundIsOver, Forbidden, NotFound."""
        with self._db.write() as session:
            return view_of(session, driving.cancel(session, actor, round_id, self._clock.now()), self._router)
