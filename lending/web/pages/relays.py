"""A loan goes on to another school: agreed by the depot, given and taken by teachers on their phones."""

from typing import Annotated, Any

from litestar import Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import PathParameter, URLEncodedBody
from litestar.response import Redirect

from lending.core.actor import Actor
from lending.loans.service import Loans
from lending.loans.service.declarations import Declarations
from lending.shipping.relays.schemas import Count, NewRelay, RelaysView
from lending.shipping.relays.service import Relays
from lending.shipping.shipments.rules import LONGEST_NAME, Mode
from lending.web.pages.form_values import LARGEST_ID, code_in, note_in, row_id_in
from lending.web.pages.gap_forms import COUNTED, gaps_in
from lending.web.pages.ways import LONGEST_TRACKING, AnyRequest, Form, WayPages

RowId = Annotated[int, PathParameter(ge=1, le=LARGEST_ID)]


class RelayPages(WayPages[RelaysView]):
    """The page of where a loan goes on to, or comes from."""

    template = "relays/page.html"
    name = "relay"

    def __init__(
        self, request: AnyRequest, relays: Relays, loans: Loans, declarations: Declarations, actor: Actor
    ) -> None:
        super().__init__(request, loans, declarations, actor)
        self._relays = relays

    def _view(self, booking_id: int) -> RelaysView:
        return self._relays.of_booking(self._actor, booking_id)

    def _is_counted(self, view: RelaysView) -> bool:
        return view.may_give or view.may_take

    def _known(self, view: RelaysView) -> Form:
        """What the first school counted, for the second one to look at again."""
        gaps = view.before.given_gaps if view.may_take and view.before else []
        return {f"{what}-{one.line_id or 0}": str(getattr(one, what)) for one in gaps for what in COUNTED}


def relay_pages(
    request: AnyRequest,
    relays: NamedDependency[Relays],
    loans: NamedDependency[Loans],
    declarations: NamedDependency[Declarations],
    actor: NamedDependency[Actor],
) -> RelayPages:
    """The page's maker for this request."""
    return RelayPages(request, relays, loans, declarations, actor)


@get("/reservations/{booking_id:int}/relay", sync_to_thread=True)
def one(pages: NamedDependency[RelayPages], booking_id: RowId) -> Response[str]:
    """Where a loan goes on to, or comes from."""
    return pages.shown(booking_id)


@post("/reservations/{booking_id:int}/relay", sync_to_thread=True)
def agree(
    pages: NamedDependency[RelayPages],
    relays: NamedDependency[Relays],
    actor: NamedDependency[Actor],
    booking_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """The copy will go on."""
    return pages.done(booking_id, data, lambda: relays.agree(actor, booking_id, _relay(data)), "relay-agreed")


@post("/reservations/{booking_id:int}/relay/giving", sync_to_thread=True)
def give(
    pages: NamedDependency[RelayPages],
    relays: NamedDependency[Relays],
    actor: NamedDependency[Actor],
    booking_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """The first school gave it."""
    return pages.done(booking_id, data, lambda: relays.give(actor, booking_id, Count(gaps_in(data))), "relay-given")


@post("/reservations/{booking_id:int}/relay/taking", sync_to_thread=True)
def take(
    pages: NamedDependency[RelayPages],
    relays: NamedDependency[Relays],
    actor: NamedDependency[Actor],
    booking_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """The second school has it."""
    return pages.done(booking_id, data, lambda: relays.take(actor, booking_id, Count(gaps_in(data))), "relay-taken")


@post("/reservations/{booking_id:int}/relay/cancellation", sync_to_thread=True)
def cancel(
    pages: NamedDependency[RelayPages],
    relays: NamedDependency[Relays],
    actor: NamedDependency[Actor],
    booking_id: RowId,
) -> Response[str] | Redirect:
    """The copy comes home after all."""
    return pages.done(booking_id, {}, lambda: relays.cancel(actor, booking_id), "relay-cancelled")


def _relay(data: Form) -> NewRelay:
    return NewRelay(
        other_id=row_id_in(data, "other"),
        mode=code_in(data, "mode", Mode),
        carrier=note_in(data, "carrier", LONGEST_NAME),
        tracking_number=note_in(data, "tracking_number", LONGEST_TRACKING),
    )


HANDLERS: list[Any] = [one, agree, give, take, cancel]
PAGES = {"pages": Provide(relay_pages, sync_to_thread=False)}
ROUTES = [Router("/", route_handlers=HANDLERS, dependencies=PAGES, include_in_schema=False)]
