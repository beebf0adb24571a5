"""The school periods of each zone: to see for everybody, to write down for the federation."""

import datetime as dt
from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import PathParameter, QueryParameter, URLEncodedBody
from litestar.response import Redirect

from lending.core.actor import Actor
from lending.core.clock import Clock, today_in
from lending.core.errors import Forbidden, Invalid, NotFound, PreconditionFailed, Unauthenticated
from lending.core.http.problems import Problem, problem_of
from lending.network.rules import PERIODS_A_YEAR, for_lending, school_year_of
from lending.network.schemas import SchoolCalendarView, SchoolPeriodView
from lending.network.service.school_calendars import SchoolCalendars
from lending.web.forms import BadDay, day
from lending.web.pages.form_values import BadCount, count_in
from lending.web.rendering import PARIS, page, see

AnyRequest = Request[Any, Any, Any]
SchoolYear = Annotated[int, PathParameter(ge=2000, le=2200)]
Form = dict[str, str]
DAY = dt.timedelta(days=1)
NUMBERS = range(1, PERIODS_A_YEAR + 1)
YEARS_BEFORE, YEARS_AHEAD = 1, 2


@get("/calendars", sync_to_thread=True)
def calendars(
    request: AnyRequest,
    school_calendars: NamedDependency[SchoolCalendars],
    actor: NamedDependency[Actor],
    clock: NamedDependency[Clock],
    wanted: Annotated[str, QueryParameter(name="year")] = "",
) -> Response[str]:
    """The periods of every zone in a school year; zones whose year nobody published say so."""
    this_year = school_year_of(today_in(clock, PARIS))
    years = years_shown(school_calendars, this_year)
    year = next((one for one in years if str(one) == wanted), this_year)
    known = {one.zone: one for one in school_calendars.all() if one.school_year == year}
    facts: dict[str, Any] = {
        "zones": {zone: known.get(zone) for zone in school_calendars.zones()},
        "years": years,
        "year": year,
        "can_edit": school_calendars.may_edit(actor),
        "for_lending": for_lending,
    }
    return page(request, "calendars/calendars.html", **facts)


@get("/calendars/{school_year:int}/{zone:str}", sync_to_thread=True)
def calendar(
    request: AnyRequest,
    school_calendars: NamedDependency[SchoolCalendars],
    actor: NamedDependency[Actor],
    school_year: SchoolYear,
    zone: Annotated[str, PathParameter()],
) -> Response[str]:
    """The form of a zone's school year."""
    return shown(request, school_calendars, actor, zone, school_year)


@post("/calendars/{school_year:int}/{zone:str}", sync_to_thread=True)
def set_calendar(
    request: AnyRequest,
    school_calendars: NamedDependency[SchoolCalendars],
    actor: NamedDependency[Actor],
    school_year: SchoolYear,
    zone: Annotated[str, PathParameter()],
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Write a zone's school year down; over somebody else's change it is refused."""
    require_zone(school_calendars, zone)
    try:
        periods, version = periods_in(data, school_year), count_in(data, "version")
        school_calendars.set_periods(actor, zone, school_year, periods, version)
    except PreconditionFailed as error:
        return shown(request, school_calendars, actor, zone, school_year, problem_of(error))
    except BadCount as error:
        raise NotFound from error
    except Invalid as error:
        return shown(request, school_calendars, actor, zone, school_year, problem_of(error), data)
    return see(f"/calendars?year={school_year}&done=saved")


def shown(
    request: AnyRequest,
    school_calendars: SchoolCalendars,
    actor: Actor,
    zone: str,
    school_year: int,
    problem: Problem | None = None,
    sent: Form | None = None,
) -> Response[str]:
    """The form, with what is known or what was sent. Raises NotFound, Forbidden."""
    require_zone(school_calendars, zone)
    if not school_calendars.may_edit(actor):
        raise Forbidden if actor.is_signed_in else Unauthenticated
    known = school_calendars.one(zone, school_year)
    fields = sent or fields_of(known)
    facts: dict[str, Any] = {"zone": zone, "year": school_year, "known": known, "numbers": NUMBERS, "fields": fields}
    return page(request, "calendars/calendar.html", problem=problem, **facts)


def fields_of(known: SchoolCalendarView | None) -> Form:
    """A school year as its form has it."""
    if known is None:
        return {"version": "0"}
    fields = {"version": str(known.version)}
    for one in known.periods:
        fields |= {f"starts_{one.number}": one.starts_on.isoformat(), f"last_{one.number}": one.last_on.isoformat()}
    return fields


def periods_in(data: Form, school_year: int) -> list[SchoolPeriodView]:
    """The periods of the form, which names their last days. Raises BadDay."""
    return [_period_in(data, number, school_year) for number in NUMBERS]


def _period_in(data: Form, number: int, school_year: int) -> SchoolPeriodView:
    starts_on, last_on = day(data, f"starts_{number}"), day(data, f"last_{number}")
    if last_on == dt.date.max:
        raise BadDay(name=f"last_{number}")
    return SchoolPeriodView(number, school_year, starts_on, last_on + DAY)


def require_zone(school_calendars: SchoolCalendars, zone: str) -> None:
    """Raise NotFound for a zone that nobody names."""
    if zone not in school_calendars.zones():
        raise NotFound


def years_shown(school_calendars: SchoolCalendars, this_year: int) -> list[int]:
    """The school years around this one, and every other that is known."""
    around = range(this_year - YEARS_BEFORE, this_year + YEARS_AHEAD + 1)
    return sorted({*around, *(one.school_year for one in school_calendars.all())})


ROUTES = [Router("/", route_handlers=[calendars, calendar, set_calendar], include_in_schema=False)]
