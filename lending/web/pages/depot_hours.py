"""The weekly hours of a depot in a form: several stretches a day, at the desk or in the office only."""

import datetime as dt
from collections.abc import Sequence
from typing import get_args

from lending.core.http.problems import Problem, problem_of
from lending.network.rules import BadOpening, check_openings
from lending.network.schemas import DepotView, OpeningHours, Serves
from lending.web.forms import BadChoice
from lending.web.pages.form_values import BadTime, time_in

Form = dict[str, str]
WEEKDAYS = range(7)
USUAL_STRETCHES = 2
MOST_STRETCHES = 12


class RefusedHoursError(Exception):
    """Hours that make no sense, with what to say and where."""

    def __init__(self, problem: Problem) -> None:
        """`problem` stands beside its field."""
        super().__init__(problem.detail)
        self.problem = problem


def names_of(weekday: int, stretch: int) -> tuple[str, str, str]:
    """The fields of a stretch: opens, closes, serves."""
    end = f"{weekday}" if stretch == 1 else f"{weekday}_{stretch}"
    return f"opens_{end}", f"closes_{end}", f"serves_{end}"


def stretches_of(openings: Sequence[OpeningHours]) -> range:
    """How many stretches the form offers a day, so that none is lost that is there."""
    most = max((sum(one.weekday == weekday for one in openings) for weekday in WEEKDAYS), default=0)
    return range(1, max(USUAL_STRETCHES, most) + 1)


def fields_of(depot: DepotView) -> Form:
    """The depot's hours as the form has them."""
    fields: Form = {}
    for weekday in WEEKDAYS:
        own = [one for one in depot.openings if one.weekday == weekday]
        for stretch, one in enumerate(own, start=1):
            texts = (f"{one.opens_at:%H:%M}", f"{one.closes_at:%H:%M}", one.serves)
            fields |= dict(zip(names_of(weekday, stretch), texts, strict=True))
    return fields


def hours_in(data: Form) -> list[OpeningHours]:
    """The hours of the form; two empty fields are no stretch. Raises RefusedHoursError."""
    return [hours for weekday in WEEKDAYS for hours in _day_in(data, weekday)]


def _day_in(data: Form, weekday: int) -> list[OpeningHours]:
    found: list[OpeningHours] = []
    for stretch in range(1, MOST_STRETCHES + 1):
        names = names_of(weekday, stretch)
        if not any(data.get(name, "").strip() for name in names[:2]):
            continue
        try:
            found.append(_stretch_in(data, weekday, names))
            check_openings((one.weekday, one.opens_at, one.closes_at) for one in found)
        except (BadTime, BadOpening, BadChoice) as error:
            problem = problem_of(error)
            problem.field = names[0]
            raise RefusedHoursError(problem) from error
    return found


def _stretch_in(data: Form, weekday: int, names: tuple[str, str, str]) -> OpeningHours:
    opens_at, closes_at = (time_in(data, name) for name in names[:2])
    return OpeningHours(weekday, opens_at, closes_at, _serves_in(data, names[2]))


def _serves_in(data: Form, name: str) -> Serves:
    wanted = data.get(name, "desk")
    for known in get_args(Serves):
        if known == wanted:
            return known  # type: ignore[no-any-return]  # get_args knows no types
    raise BadChoice(name=name)


def next_days(days: Sequence[dt.date], today: dt.date, count: int) -> list[dt.date]:
    """The first `count` of these days from today on."""
    return sorted(day for day in days if day >= today)[:count]
