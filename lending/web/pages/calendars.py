"""The month of a title's copies, and the secret addresses of calendars."""

import datetime as dt
from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import FromQuery, PathParameter, URLEncodedBody

from lending.catalog.service import Catalog
from lending.core.actor import Actor
from lending.loans.api.calendars import calendar_answer, feed
from lending.loans.service.feeds import Feeds
from lending.loans.service.timelines import Timelines
from lending.network.service import Network
from lending.settings import Settings
from lending.web.forms import optional_id
from lending.web.rendering import page

RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
DAY = dt.timedelta(days=1)
FIRST_DAY, LAST_DAY = dt.date(2000, 1, 1), dt.date(2199, 12, 31)


@get("/staff/titles/{title_id:int}/timeline", sync_to_thread=True)
def timeline(
    request: Request[Any, Any, Any],
    timelines: NamedDependency[Timelines],
    catalog: NamedDependency[Catalog],
    network: NamedDependency[Network],
    actor: NamedDependency[Actor],
    title_id: RowId,
    depot: FromQuery[int],
    month: FromQuery[dt.date | None] = None,
) -> Response[str]:
    """The copies of a title in a depot, day by day."""
    day = None if month is None else min(max(month, FIRST_DAY), LAST_DAY)
    shown = timelines.month(actor, title_id, depot, day)
    others = [one for one in network.desks(actor) if one.id != depot]
    months: dict[str, Any] = {"before": shown.starts_on - DAY, "after": shown.until_on + DAY}
    title = catalog.title_page(actor, title_id)
    return page(request, "staff/timeline.html", title=title, timeline=shown, others=others, **months)


@get("/reservations/{booking_id:int}/calendar.ics", sync_to_thread=True)
def booking_file(feeds: NamedDependency[Feeds], actor: NamedDependency[Actor], booking_id: RowId) -> Response[bytes]:
    """One reservation for one's own calendar."""
    return calendar_answer(feeds.booking(actor, booking_id), "reservation")


@post("/account/calendar", sync_to_thread=True)
def open_feed(
    request: Request[Any, Any, Any],
    feeds: NamedDependency[Feeds],
    settings: NamedDependency[Settings],
    actor: NamedDependency[Actor],
    data: URLEncodedBody[dict[str, str]],
) -> Response[str]:
    """A new secret address, shown this once."""
    depot_id = optional_id(data, "depot_id")
    secret = feeds.open_mine(actor) if depot_id is None else feeds.open_depot(actor, depot_id)
    return page(request, "feed.html", address=f"{settings.base_url}/calendars/{secret}.ics", is_mine=depot_id is None)


ROUTES = [Router("/", route_handlers=[timeline, booking_file, open_feed, feed], include_in_schema=False)]
