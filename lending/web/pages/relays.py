"""A loan goes on to another school: agreed by the depot, given and taken by teachers on their phones."""

from collections.abc import Callable
from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import PathParameter, URLEncodedBody
from litestar.response import Redirect

from lending.core.actor import Actor
from lending.core.errors import Conflict, Invalid, NotFound
from lending.core.http.problems import Problem, problem_of
from lending.loans.service import Loans
from lending.loans.service.declarations import Declarations
from lending.shipping.relays.schemas import Count, NewRelay, RelaysView
from lending.shipping.relays.service import Relays
from lending.shipping.shipments.rules import LONGEST_NAME, Mode
from lending.web.pages.deliveries import LONGEST_TRACKING
from lending.web.pages.form_values import LARGEST_ID, code_in, note_in, row_id_in
from lending.web.pages.gap_forms import COUNTED, gaps_in
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
RowId = Annotated[int, PathParameter(ge=1, le=LARGEST_ID)]
Form = dict[str, str]


class RelayPages:
    """Puts the page together; one object per request."""

    def __init__(
        self, request: AnyRequest, relays: Relays, loans: Loans, declarations: Declarations, actor: Actor
    ) -> None:
        self._request = request
        self._relays = relays
        self._loans = loans
        self._declarations = declarations
        self._actor = actor

    def shown(self, booking_id: int, sent: Form | None = None, problem: Problem | None = None) -> Response[str]:
        """Where it goes on to or comes from, and the form for what comes next. Raises NotFound, Forbidden."""
        view = self._relays.of_booking(self._actor, booking_id)
        counts = view.may_give or view.may_take
        return page(
            self._request,
            "relays/page.html",
            problem=problem,
            view=view,
            one=self._loans.reservation(self._actor, booking_id).reservation,
            modes=list(Mode),
            sections=self._declarations.contents(self._actor, booking_id) if counts else [],
            sent=sent or _known_gaps(view),
        )

    def done(self, booking_id: int, data: Form, act: Callable[[], object], said: str) -> Response[str] | Redirect:
        """The page after an act; a refusal stands on it, with what was typed."""
        try:
            act()
        except (Conflict, Invalid, NotFound) as error:
            return self.shown(booking_id, data, problem_of(error))
        return see(f"/reservations/{booking_id}/relay?done={said}")


@get("/reservations/{booking_id:int}/relay", sync_to_thread=True)
def one(
    request: AnyRequest,
    relays: NamedDependency[Relays],
    loans: NamedDependency[Loans],
    declarations: NamedDependency[Declarations],
    actor: NamedDependency[Actor],
    booking_id: RowId,
) -> Response[str]:
    """Where a loan goes on to, or comes from."""
    return RelayPages(request, relays, loans, declarations, actor).shown(booking_id)


@post("/reservations/{booking_id:int}/relay", sync_to_thread=True)
def agree(
    request: AnyRequest,
    relays: NamedDependency[Relays],
    loans: NamedDependency[Loans],
    declarations: NamedDependency[Declarations],
    actor: NamedDependency[Actor],
    booking_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """The copy will go on."""
    pages = RelayPages(request, relays, loans, declarations, actor)
    return pages.done(booking_id, data, lambda: relays.agree(actor, booking_id, _relay(data)), "relay-agreed")


@post("/reservations/{booking_id:int}/relay/giving", sync_to_thread=True)
def give(
    request: AnyRequest,
    relays: NamedDependency[Relays],
    loans: NamedDependency[Loans],
    declarations: NamedDependency[Declarations],
    actor: NamedDependency[Actor],
    booking_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """The first school gave it."""
    pages = RelayPages(request, relays, loans, declarations, actor)
    return pages.done(booking_id, data, lambda: relays.give(actor, booking_id, Count(gaps_in(data))), "relay-given")


@post("/reservations/{booking_id:int}/relay/taking", sync_to_thread=True)
def take(
    request: AnyRequest,
    relays: NamedDependency[Relays],
    loans: NamedDependency[Loans],
    declarations: NamedDependency[Declarations],
    actor: NamedDependency[Actor],
    booking_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """The second school has it."""
    pages = RelayPages(request, relays, loans, declarations, actor)
    return pages.done(booking_id, data, lambda: relays.take(actor, booking_id, Count(gaps_in(data))), "relay-taken")


@post("/reservations/{booking_id:int}/relay/cancellation", sync_to_thread=True)
def cancel(
    request: AnyRequest,
    relays: NamedDependency[Relays],
    loans: NamedDependency[Loans],
    declarations: NamedDependency[Declarations],
    actor: NamedDependency[Actor],
    booking_id: RowId,
) -> Response[str] | Redirect:
    """The copy comes home after all."""
    pages = RelayPages(request, relays, loans, declarations, actor)
    return pages.done(booking_id, {}, lambda: relays.cancel(actor, booking_id), "relay-cancelled")


def _relay(data: Form) -> NewRelay:
    return NewRelay(
        other_id=row_id_in(data, "other"),
        mode=code_in(data, "mode", Mode),
        carrier=note_in(data, "carrier", LONGEST_NAME),
        tracking_number=note_in(data, "tracking_number", LONGEST_TRACKING),
    )


def _known_gaps(view: RelaysView) -> Form:
    """What the first school counted, for the second one to look at again."""
    gaps = view.before.given_gaps if view.may_take and view.before else []
    return {f"{what}-{one.line_id or 0}": str(getattr(one, what)) for one in gaps for what in COUNTED}


HANDLERS: list[Any] = [one, agree, give, take, cancel]
ROUTES = [Router("/", route_handlers=HANDLERS, include_in_schema=False)]
