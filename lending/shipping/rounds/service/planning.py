"""A round is planned and changed. Everything here runs inside the caller's transaction."""

import datetime as dt
from collections.abc import Sequence
from itertools import groupby

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lending.catalog.rules import clean_line
from lending.core.actor import Actor, Role
from lending.core.clock import local_day
from lending.core.errors import NotFound
from lending.network import queries as network
from lending.shipping.rounds import queries
from lending.shipping.rounds.rules.errors import BadRoundHours, NothingToCarry, NotToCarry, OnAnotherRound, RoundChanged
from lending.shipping.rounds.rules.places import Router
from lending.shipping.rounds.rules.states import check_hours, check_planned, monday_of, reference_of
from lending.shipping.rounds.schemas import CarriedView, ErrandChoice, NewRound, StopHours, StopOrder
from lending.shipping.rounds.service.situation import situation_of, write_order
from lending.shipping.rounds.tables import Round, RoundErrand, RoundStop
from lending.shipping.service import moving


def begin(session: Session, actor: Actor, new: NewRound, now: dt.datetime) -> Round:
    """A round with its stops, in no order yet.

    Raises NothingToCarry, RoundInThePast, BadRoundHours, NotToCarry, OnAnotherRound, Forbidden, NotFound.
    """
    moving.require_depot(session, actor, new.depot_id, Role.STAFF)
    depot = network.depot(session, new.depot_id)
    check_hours(new.held_on, new.departs_at, new.returns_by, local_day(now, depot.time_zone))
    chosen = _chosen(session, new)
    row = Round(
        depot_id=new.depot_id,
        held_on=new.held_on,
        departs_at=new.departs_at,
        returns_by=new.returns_by,
        driver=clean_line(new.driver),
        most_parcels=new.most_parcels,
        most_kg=new.most_kg,
        state="planned",
        version=1,
        created_by=actor.person_id,
        created_at=now,
    )
    session.add(row)
    session.flush()
    for (school_id, depot_id), errands in groupby(sorted(chosen, key=_place), key=_place):
        _add_stop(session, row, school_id or None, depot_id or None, list(errands))
    return row


def arrange(session: Session, row: Round, new: StopOrder, router: Router) -> None:
    """The stops in an order made by hand. Raises NotFound for a stop of another round."""
    situation = situation_of(session, row, router)
    numbers = {stop.id: number for number, stop in enumerate(situation.stops)}
    if len(set(new.stop_ids)) != len(new.stop_ids) or not numbers.keys() >= set(new.stop_ids):
        raise NotFound
    renumber(session, row, router, [numbers[stop_id] for stop_id in new.stop_ids])


def renumber(session: Session, row: Round, router: Router, inside: Sequence[int]) -> None:
    """Write an order down; first nobody has a number, so that no two stops ever share one."""
    situation = situation_of(session, row, router)
    for stop in situation.stops:
        stop.number = stop.arrives_at = None
    session.flush()
    write_order(row, situation, inside)
    session.flush()


def set_hours(session: Session, row: Round, stop_id: int, hours: StopHours, router: Router) -> None:
    """When somebody is at a stop. Raises BadRoundHours, NotFound."""
    stop = stop_of(session, row, stop_id)
    if (hours.opens_at is None) != (hours.closes_at is None):
        raise BadRoundHours
    if hours.opens_at is not None and hours.closes_at is not None and hours.opens_at >= hours.closes_at:
        raise BadRoundHours
    stop.opens_at, stop.closes_at = hours.opens_at, hours.closes_at
    session.flush()
    keep_order(session, row, router)


def remove(session: Session, row: Round, stop_id: int, router: Router) -> None:
    """Take a stop off the round; what it held may go on another one. Raises NotFound."""
    stop = stop_of(session, row, stop_id)
    session.execute(delete(RoundErrand).where(RoundErrand.stop_id == stop.id))
    session.delete(stop)
    session.flush()
    keep_order(session, row, router)


def keep_order(session: Session, row: Round, router: Router) -> None:
    """Reckon the times of the present order anew."""
    stops = queries.stops_of(session, row.id)
    renumber(session, row, router, [number for number, one in enumerate(stops) if one.number is not None])


def to_plan(session: Session, actor: Actor, round_id: int, version: int | None = None) -> Round:
    """The round behind its lock, if its plan may change. Raises RoundChanged and what `check_planned` raises."""
    row = locked(session, actor, round_id)
    check_planned(row.state, reference_of(row.id))
    if version is not None and version != row.version:
        raise RoundChanged(version=row.version)
    return row


def locked(session: Session, actor: Actor, round_id: int) -> Round:
    """A round behind its lock, for the staff of its depot. Raises Forbidden, NotFound."""
    row = session.get(Round, round_id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound
    moving.require_depot(session, actor, row.depot_id, Role.STAFF)
    return row


def stop_of(session: Session, row: Round, stop_id: int) -> RoundStop:
    """A stop of this round. Raises NotFound."""
    found = session.get(RoundStop, stop_id)
    if found is None or found.round_id != row.id:
        raise NotFound
    return found


def _chosen(session: Session, new: NewRound) -> list[CarriedView]:
    """What was chosen of the week's list. Raises NothingToCarry, NotToCarry."""
    if not new.errands:
        raise NothingToCarry
    depot = queries.depot_row(session, new.depot_id)
    carried = {_key(one): one for one in queries.carried_in_week(session, depot, monday_of(new.held_on))}
    wanted = {_key(one) for one in new.errands}
    if not wanted <= carried.keys():
        raise NotToCarry
    return [carried[key] for key in wanted]


def _add_stop(
    session: Session, row: Round, school_id: int | None, depot_id: int | None, errands: Sequence[CarriedView]
) -> None:
    stop = RoundStop(round_id=row.id, school_id=school_id, depot_id=depot_id)
    session.add(stop)
    session.flush()
    for one in errands:
        session.add(
            RoundErrand(
                round_id=row.id,
                stop_id=stop.id,
                what=one.what.value,
                booking_id=one.booking_id,
                shipment_id=one.shipment_id,
                parcels=one.parcels,
                grams=one.grams,
            )
        )
        try:
            session.flush()
        except IntegrityError as error:
            # Somebody put it on another round at the same moment.
            raise OnAnotherRound(label=one.label) from error


def _place(one: CarriedView) -> tuple[int, int]:
    return one.school_id or 0, one.depot_id or 0


def _key(one: CarriedView | ErrandChoice) -> tuple[str, int, int]:
    return one.what.value, one.booking_id or 0, one.shipment_id or 0
