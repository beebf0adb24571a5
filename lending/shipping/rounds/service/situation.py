"""A round as facts for the rules: where its stops are, when somebody is there, what is carried."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from lending.loans.queries.calendars import calendars
from lending.network import calendar_queries
from lending.network import queries as network
from lending.network.tables import Organisation, School
from lending.shipping.rounds import queries
from lending.shipping.rounds.rules.errors import DepotNotOnMap
from lending.shipping.rounds.rules.places import Place, Router, Ways
from lending.shipping.rounds.rules.states import GRAMS, What, stay_of
from lending.shipping.rounds.rules.timetable import Call, Load, Timetable, Van, timetable
from lending.shipping.rounds.rules.windows import Window, depot_windows, school_windows, seconds_of, time_of, windows_of
from lending.shipping.rounds.tables import Round, RoundErrand, RoundStop


@dataclass(frozen=True)
class Spot:
    """Where a stop is, whom to ring, and when somebody is there on the day of the round."""

    name: str
    address: str
    phone: str
    place: Place | None
    windows: tuple[Window, ...]


@dataclass(frozen=True)
class Situation:
    """The stops of a round, each with its spot and its call; a stop without a place on the map has no windows."""

    stops: Sequence[RoundStop]
    spots: list[Spot]
    calls: list[Call]
    van: Van
    ways: Ways

    @property
    def now(self) -> Timetable:
        """The stops in their present order."""
        return self.in_order([number for number, one in enumerate(self.stops) if one.number is not None])

    def in_order(self, numbers: Sequence[int]) -> Timetable:
        """These stops in this order."""
        return timetable([self.calls[number] for number in numbers], self.van, self.ways)


def situation_of(session: Session, row: Round, router: Router) -> Situation:
    """What the rules must know of a round. Raises DepotNotOnMap."""
    depot = queries.depot_row(session, row.depot_id)
    start = queries.place_of_depot(session, depot)
    if start is None:
        raise DepotNotOnMap(depot_name=depot.name)
    stops, errands = queries.stops_of(session, row.id), queries.errands_of(session, row.id)
    spots = [_spot(session, one, row.held_on) for one in stops]
    ways = router.ways([start, *(one.place or start for one in spots)])
    calls = [_call(number, spot, errands[one.id]) for number, (one, spot) in enumerate(zip(stops, spots, strict=True))]
    most = Load(row.most_parcels, row.most_kg * GRAMS)
    return Situation(stops, spots, calls, Van(seconds_of(row.departs_at), seconds_of(row.returns_by), most), ways)


def write_order(row: Round, situation: Situation, inside: Sequence[int]) -> None:
    """Number these stops in this order and note when the van comes; the others are outside."""
    plan = situation.in_order(inside)
    for stop in situation.stops:
        stop.number = stop.arrives_at = stop.begins_at = None
        stop.late_minutes = stop.metres = 0
    for place, (number, visit) in enumerate(zip(inside, plan.visits, strict=True), start=1):
        stop = situation.stops[number]
        stop.number, stop.metres = place, visit.metres
        stop.arrives_at, stop.begins_at = time_of(visit.arrives), time_of(visit.begins)
        stop.late_minutes = -(-visit.late // 60)
    row.back_at, row.metres = (time_of(plan.back), plan.metres) if inside else (None, 0)
    row.version += 1


def _call(number: int, spot: Spot, errands: Sequence[RoundErrand]) -> Call:
    loads = {what: Load() for what in What}
    for one in errands:
        loads[What(one.what)] += Load(one.parcels, one.grams)
    brought, collected = loads[What.DELIVERY], loads[What.COLLECTION]
    windows = spot.windows if spot.place else ()
    return Call(number + 1, windows, stay_of(brought + collected), brought, collected)


def _spot(session: Session, stop: RoundStop, day: dt.date) -> Spot:
    spot = _school(session, stop.school_id, day) if stop.school_id else _depot(session, stop.depot_id or 0, day)
    if stop.opens_at is None or stop.closes_at is None:
        return spot
    own = windows_of([(stop.opens_at, stop.closes_at)])
    return Spot(spot.name, spot.address, spot.phone, spot.place, own)


def _school(session: Session, school_id: int, day: dt.date) -> Spot:
    school, organisation = session.get_one(School, school_id), session.get_one(Organisation, school_id)
    zone = network.association(session, organisation.parent_id or 0).holiday_zone
    is_holiday = calendar_queries.holidays(session, zone, day)(day)
    known = school.latitude is not None and school.longitude is not None
    place = Place(school.latitude or 0.0, school.longitude or 0.0) if known else None
    address = " ".join(part for part in (school.postcode, school.commune) if part)
    return Spot(organisation.name, address, "", place, school_windows(day, is_holiday=is_holiday))


def _depot(session: Session, depot_id: int, day: dt.date) -> Spot:
    row, view = queries.depot_row(session, depot_id), network.depot(session, depot_id)
    territory = network.association(session, row.association_id).holiday_territory
    calendar = calendars(session, {depot_id: territory})[depot_id]
    hours = [(one.weekday, one.opens_at, one.closes_at) for one in view.openings]
    # A desk that opens for once has no hours of its own for that day: it keeps the usual ones.
    is_assumed = calendar.is_assumed or day in calendar.exceptional
    windows = depot_windows(day, hours, is_working=calendar.is_working(day), is_assumed=is_assumed)
    address = ", ".join(part for part in (row.address, f"{row.postcode} {row.commune}".strip()) if part)
    return Spot(row.name, address, row.phone or "", queries.place_of_depot(session, row), windows)


def hours_shown(windows: Sequence[Window]) -> list[tuple[dt.time, dt.time]]:
    """Windows as wall clocks."""
    return [(time_of(one.opens), time_of(one.closes)) for one in windows]
