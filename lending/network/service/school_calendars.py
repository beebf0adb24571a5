"""School years: loaded as they are published, written down by the federation where they are not."""

from collections.abc import Sequence

from sqlalchemy import delete
from sqlalchemy.orm import Session

from lending.core.actor import Actor, Role
from lending.core.clock import Clock
from lending.core.database import Database
from lending.core.errors import NotFound
from lending.network import calendar_queries, queries
from lending.network.rules import SchoolCalendarChanged, check_school_periods, school_year_of
from lending.network.schemas import SchoolCalendarView, SchoolPeriodView
from lending.network.school_years import ZONES, ZONES_BY_HAND, published_periods
from lending.network.tables import SchoolCalendar, SchoolPeriod
from lending.network.turns import take_turns

YEARS_BEFORE, YEARS_AHEAD = 1, 4


class SchoolCalendars:
    """The school years of every zone."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """Takes the database and the source of now."""
        self._db = db
        self._clock = clock

    def all(self) -> list[SchoolCalendarView]:
        """Every school year that is known: public."""
        with self._db.read() as session:
            return calendar_queries.school_calendars(session)

    def one(self, zone: str, school_year: int) -> SchoolCalendarView | None:
        """The school year of a zone: public. None while nobody has published it."""
        found = (one for one in self.all() if (one.zone, one.school_year) == (zone, school_year))
        return next(found, None)

    def zones(self) -> list[str]:
        """A, B and C, then every other zone by name: public."""
        with self._db.read() as session:
            return _zones(session)

    def may_edit(self, actor: Actor) -> bool:
        """Whether the person may write school years down."""
        if not actor.has_role(Role.ADMIN):
            return False
        with self._db.read() as session:
            return actor.covers(queries.root_path(session), Role.ADMIN)

    def load_published(self) -> int:
        """Bring in the years that were published; what the federation edited stays. Returns how many are new."""
        this_year = school_year_of(self._clock.now().date())
        years = range(this_year - YEARS_BEFORE, this_year + YEARS_AHEAD)
        wanted = [(zone, year, published_periods(zone, year)) for zone in ZONES for year in years]
        with self._db.write() as session:
            known = calendar_queries.known_years(session)
            new = [(zone, year, periods) for zone, year, periods in wanted if periods and (zone, year) not in known]
            for zone, year, periods in new:
                _write(session, zone, year, periods, "published", 1)
        return len(new)

    def set_periods(
        self, actor: Actor, zone: str, school_year: int, periods: Sequence[SchoolPeriodView], version: int
    ) -> SchoolCalendarView:
        """Write a school year down; `version` is that which was read, 0 for a new one. For the federation.

        Raises Forbidden, NotFound for a zone that nobody names, BadSchoolPeriods, SchoolCalendarChanged.
        """
        check_school_periods(periods, school_year)
        with self._db.write() as session:
            root = queries.root_path(session)
            actor.require(root, Role.ADMIN)
            if zone not in _zones(session):
                raise NotFound
            take_turns(session, root)
            row = session.get(SchoolCalendar, (zone, school_year))
            if (row.version if row else 0) != version:
                raise SchoolCalendarChanged(version=row.version if row else 0)
            _write(session, zone, school_year, periods, "edited", version + 1)
        return SchoolCalendarView(
            zone=zone, school_year=school_year, source="edited", version=version + 1, periods=list(periods)
        )


def _zones(session: Session) -> list[str]:
    return [*ZONES, *sorted((calendar_queries.zones(session) | set(ZONES_BY_HAND)) - set(ZONES))]


def _write(
    session: Session, zone: str, school_year: int, periods: Sequence[SchoolPeriodView], source: str, version: int
) -> None:
    session.execute(delete(SchoolPeriod).where(SchoolPeriod.zone == zone, SchoolPeriod.school_year == school_year))
    session.merge(SchoolCalendar(zone=zone, school_year=school_year, source=source, version=version))
    session.flush()
    session.add_all(
        SchoolPeriod(
            zone=zone, school_year=school_year, number=one.number, starts_on=one.starts_on, ends_on=one.ends_on
        )
        for one in periods
    )
    session.flush()
