"""Use cases of the network: who belongs where, when depots are open, who is affiliated."""

import datetime as dt
from collections.abc import Sequence
from secrets import token_hex

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from lending.core.actor import Actor, Role
from lending.core.clock import Clock, today_in
from lending.core.database import Database
from lending.core.errors import NotFound
from lending.network import queries, rules
from lending.network.schemas import (
    AssociationView,
    DepotAddress,
    DepotPlace,
    DepotView,
    NewClosure,
    NewSchool,
    OpeningHours,
    SchoolView,
    UnionView,
)
from lending.network.tables import (
    Affiliation,
    Association,
    Closure,
    Depot,
    ExceptionalOpening,
    Opening,
    Organisation,
    School,
)


class Network:
    """The federation's tree and its calendars."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """Takes the database and the source of now."""
        self._db = db
        self._clock = clock

    def unions(self) -> list[UnionView]:
        """All regional unions with their associations: public."""
        with self._db.read() as session:
            return queries.unions(session)

    def association(self, association_id: int) -> AssociationView:
        """One association: public. Raises NotFound."""
        with self._db.read() as session:
            return queries.association(session, association_id)

    def associations(self) -> list[AssociationView]:
        """All associations, by department code: public."""
        with self._db.read() as session:
            return queries.associations(session)

    def depots(self, association_id: int | None = None) -> list[DepotView]:
        """Depots with openings and the closures that are not over: public."""
        with self._db.read() as session:
            return queries.depots(session, association_id, self._clock.now().date() - dt.timedelta(days=1))

    def depot(self, depot_id: int) -> DepotView:
        """One depot: public. Raises NotFound."""
        with self._db.read() as session:
            return queries.depot(session, depot_id, self._clock.now().date() - dt.timedelta(days=1))

    def today(self, association_id: int) -> dt.date:
        """Today, where the association is."""
        with self._db.read() as session:
            return today_in(self._clock, queries.time_zone_of(session, association_id))

    def today_in(self, time_zone: str) -> dt.date:
        """Today in a zone, where it is known already."""
        return today_in(self._clock, time_zone)

    def desks(self, actor: Actor) -> list[DepotPlace]:
        """The depots whose desk the person may serve."""
        with self._db.read() as session:
            if actor.is_system:
                return queries.depots_below(session, [queries.root_path(session)])
            return queries.depots_below(session, [one.path for one in actor.grants_of(Role.STAFF, Role.ADMIN)])

    def my_schools(self, actor: Actor) -> list[SchoolView]:
        """The schools for which the person borrows."""
        with self._db.read() as session:
            return [queries.school(session, grant.organisation_id) for grant in actor.grants_of(Role.TEACHER)]

    def school(self, actor: Actor, school_id: int) -> SchoolView:
        """One school: for who borrows for it and the staff above it. Raises NotFound, Forbidden."""
        with self._db.read() as session:
            found = queries.school(session, school_id)
            actor.require(found.path, Role.TEACHER, Role.STAFF, Role.COORDINATOR)
            return found

    def schools(self, actor: Actor, association_id: int, text: str) -> list[SchoolView]:
        """Schools of an association by name, commune or code: for its staff."""
        with self._db.read() as session:
            path = queries.path_of(session, association_id)
            actor.require(path, Role.STAFF, Role.COORDINATOR)
            return queries.schools_matching(session, path, text)

    def register_school(self, actor: Actor, new: NewSchool) -> SchoolView:
        """Register a school. Raises BadUai, BadPostcode, UaiTaken, Forbidden, NotFound."""
        uai, postcode = rules.parse_uai(new.uai), rules.parse_postcode(new.postcode or "")
        with self._db.write() as session:
            parent_path = queries.association(session, new.association_id).path
            actor.require(parent_path, Role.STAFF)
            if session.scalar(select(School.organisation_id).where(School.uai == uai)):
                raise rules.UaiTaken(uai=uai)
            organisation = _add_organisation(session, "school", new.association_id, parent_path, new.name)
            place = {
                "commune": new.commune,
                "postcode": postcode or None,
                "pupils": new.pupils,
            }
            session.add(School(organisation_id=organisation.id, uai=uai, **place))
            _flush_or_taken(session, uai)
            return queries.school(session, organisation.id)

    def affiliate(self, actor: Actor, school_id: int, school_year: int) -> SchoolView:
        """Record a school's affiliation for a school year; doing it twice changes nothing."""
        with self._db.write() as session:
            school = queries.school(session, school_id)
            actor.require(queries.path_of(session, school.association_id), Role.STAFF)
            zone = queries.time_zone_of(session, school.association_id)
            if session.get(Affiliation, (school_id, school_year)) is None:
                today = today_in(self._clock, zone)
                session.add(
                    Affiliation(
                        school_id=school_id,
                        school_year=school_year,
                        affiliated_on=today,
                    )
                )
                session.flush()
            return queries.school(session, school_id)

    def move_association(self, actor: Actor, association_id: int, union_id: int) -> AssociationView:
        """Put an association under another regional union; its schools follow. For the federation."""
        with self._db.write() as session:
            moved = session.get(Organisation, association_id, with_for_update=True)
            union = session.get(Organisation, union_id)
            if moved is None or union is None or (moved.kind, union.kind) != ("association", "union"):
                raise NotFound
            actor.require(_root(union.path), Role.ADMIN)
            _move(session, moved, union)
            return queries.association(session, association_id)

    def set_openings(self, actor: Actor, depot_id: int, openings: list[OpeningHours]) -> DepotView:
        """Replace a depot's weekly hours. Raises BadOpening."""
        rules.check_openings((hours.weekday, hours.opens_at, hours.closes_at) for hours in openings)
        with self._db.write() as session:
            _require_depot(session, actor, depot_id)
            session.execute(delete(Opening).where(Opening.depot_id == depot_id))
            session.add_all(
                Opening(
                    depot_id=depot_id,
                    weekday=h.weekday,
                    opens_at=h.opens_at,
                    closes_at=h.closes_at,
                    serves=h.serves,
                )
                for h in openings
            )
            session.flush()
            return queries.depot(session, depot_id)

    def close_depot(self, actor: Actor, depot_id: int, new: NewClosure) -> DepotView:
        """Announce a closure. Raises BadClosure, Forbidden, NotFound."""
        return self.close_depots(actor, [depot_id], new)[0]

    def close_depots(self, actor: Actor, depot_ids: Sequence[int], new: NewClosure) -> list[DepotView]:
        """Announce a closure of several depots, all or none. Raises BadClosure, Forbidden, NotFound."""
        rules.check_closure(new.starts_on, new.ends_on)
        with self._db.write() as session:
            for depot_id in depot_ids:
                _require_depot(session, actor, depot_id)
                session.add(
                    Closure(
                        depot_id=depot_id,
                        starts_on=new.starts_on,
                        ends_on=new.ends_on,
                        reason=new.reason,
                        repeats_yearly=new.repeats_yearly,
                    )
                )
            session.flush()
            return [queries.depot(session, depot_id) for depot_id in depot_ids]

    def open_exceptionally(self, actor: Actor, depot_id: int, opens_on: dt.date, reason: str = "") -> DepotView:
        """Open the desk on a day on which it would be closed; twice changes the reason. Raises Forbidden, NotFound."""
        with self._db.write() as session:
            _require_depot(session, actor, depot_id)
            session.merge(ExceptionalOpening(depot_id=depot_id, opens_on=opens_on, reason=reason))
            session.flush()
            return queries.depot(session, depot_id)

    def close_again(self, actor: Actor, depot_id: int, opens_on: dt.date) -> DepotView:
        """Take an exceptional opening back. Raises Forbidden, NotFound."""
        with self._db.write() as session:
            _require_depot(session, actor, depot_id)
            row = session.get(ExceptionalOpening, (depot_id, opens_on))
            if row is None:
                raise NotFound
            session.delete(row)
            session.flush()
            return queries.depot(session, depot_id)

    def limit_handovers(self, actor: Actor, depot_id: int, max_handovers_per_day: int | None) -> DepotView:
        """Say how many reservations a depot can hand over a day; None for any number. Raises Forbidden, NotFound."""
        with self._db.write() as session:
            depot = _require_depot(session, actor, depot_id)
            depot.max_handovers_per_day = max_handovers_per_day
            depot.version += 1
            session.flush()
            return queries.depot(session, depot_id)

    def limit_returns(self, actor: Actor, depot_id: int, max_returns_per_hour: int | None) -> DepotView:
        """Say how many returns a depot expects an hour; None for any number. Raises Forbidden, NotFound.

        What was agreed before stays.
        """
        with self._db.write() as session:
            depot = _require_depot(session, actor, depot_id)
            depot.max_returns_per_hour = max_returns_per_hour
            depot.version += 1
            session.flush()
            return queries.depot(session, depot_id)

    def set_address(self, actor: Actor, depot_id: int, new: DepotAddress) -> DepotView:
        """Say where a depot is. Raises BadPostcode, Forbidden, NotFound."""
        postcode = rules.parse_postcode(new.postcode)
        with self._db.write() as session:
            depot = _require_depot(session, actor, depot_id)
            depot.address, depot.postcode, depot.commune = _line(new.address), postcode, _line(new.commune)
            depot.phone = _line(new.phone) or None
            depot.version += 1
            session.flush()
            return queries.depot(session, depot_id)

    def reopen_depot(self, actor: Actor, depot_id: int, closure_id: int) -> DepotView:
        """Take a closure back. Raises NotFound."""
        with self._db.write() as session:
            _require_depot(session, actor, depot_id)
            closure = session.get(Closure, closure_id)
            if closure is None or closure.depot_id != depot_id:
                raise NotFound
            session.delete(closure)
            session.flush()
            return queries.depot(session, depot_id)


def _root(path: str) -> str:
    return "/" + path.split("/")[1] + "/"


def _add_organisation(session: Session, kind: str, parent_id: int, parent_path: str, name: str) -> Organisation:
    row = Organisation(kind=kind, parent_id=parent_id, path=f"{parent_path}{token_hex(8)}/", name=name)
    session.add(row)
    session.flush()
    # The path needs the id that the first flush gave.
    row.path = f"{parent_path}{row.id}/"
    session.flush()
    return row


def _flush_or_taken(session: Session, uai: str) -> None:
    try:
        session.flush()
    except IntegrityError as error:
        raise rules.UaiTaken(uai=uai) from error


def _move(session: Session, moved: Organisation, union: Organisation) -> None:
    old_path, moved.parent_id = moved.path, union.id
    new_path = f"{union.path}{moved.id}/"
    below = select(Organisation).where(Organisation.path.startswith(old_path, autoescape=True))
    for row in session.scalars(below):
        row.path = rules.moved_path(row.path, old_path, new_path)
    version = update(Association).where(Association.organisation_id == moved.id)
    session.execute(version.values(version=Association.version + 1))
    session.flush()


def _line(text: str) -> str:
    return " ".join(text.split())


def _require_depot(session: Session, actor: Actor, depot_id: int) -> Depot:
    depot = session.get(Depot, depot_id)
    if depot is None:
        raise NotFound
    actor.require(queries.path_of(session, depot.association_id), Role.STAFF)
    return depot
