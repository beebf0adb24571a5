"""Calendars of bookings: the month of a title's copies, and files that any calendar reads."""

import datetime as dt

from litestar import Controller, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from lending.core.actor import Actor
from lending.core.calendar_file import MEDIA_TYPE
from lending.loans.api.params import RowId
from lending.loans.schemas.timeline import NewFeed, Timeline
from lending.loans.service.feeds import Feeds
from lending.loans.service.timelines import Timelines


class CalendarsController(Controller):
    """Months and calendar files."""

    path = "/"
    tags = ("loans",)

    @get("/titles/{title_id:int}/timeline", sync_to_thread=True, operation_id="getTimeline")
    def month(
        self,
        timelines: NamedDependency[Timelines],
        actor: NamedDependency[Actor],
        title_id: RowId,
        depot_id: FromQuery[int],
        day: FromQuery[dt.date | None] = None,
    ) -> Timeline:
        """The copies of a title in a depot over the calendar month of `day`."""
        return timelines.month(actor, title_id, depot_id, day)

    @get(
        "/reservations/{booking_id:int}/calendar",
        sync_to_thread=True,
        operation_id="getReservationCalendar",
        media_type=MEDIA_TYPE,
    )
    def booking(
        self, feeds: NamedDependency[Feeds], actor: NamedDependency[Actor], booking_id: RowId
    ) -> Response[bytes]:
        """One reservation as a calendar file."""
        return calendar_answer(feeds.booking(actor, booking_id), "reservation")

    @post("/feeds", sync_to_thread=True, operation_id="openFeed")
    def open_mine(
        self,
        feeds: NamedDependency[Feeds],
        actor: NamedDependency[Actor],
        depot_id: FromQuery[int | None] = None,
    ) -> NewFeed:
        """A new secret address for one's own loans, or for a depot; an older one ends."""
        secret = feeds.open_mine(actor) if depot_id is None else feeds.open_depot(actor, depot_id)
        return NewFeed(f"/calendars/{secret}.ics")


@get("/calendars/{name:str}", sync_to_thread=True, include_in_schema=False, media_type=MEDIA_TYPE)
def feed(feeds: NamedDependency[Feeds], name: FromPath[str]) -> Response[bytes]:
    """The calendar behind a secret address; whoever knows it may read."""
    return calendar_answer(feeds.read(name.removesuffix(".ics")), "agenda")


def calendar_answer(content: bytes, name: str) -> Response[bytes]:
    """A calendar file that no cache keeps."""
    headers = {"cache-control": "no-store", "content-disposition": f'attachment; filename="{name}.ics"'}
    return Response(content, media_type=f"{MEDIA_TYPE}; charset=utf-8", headers=headers)


ROUTES = [CalendarsController]
PUBLIC_ROUTES = [feed]
