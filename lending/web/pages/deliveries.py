"""How a loan travels: sent by its depot, confirmed by its school on a phone, sent back."""

from collections.abc import Callable
from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import PathParameter, URLEncodedBody
from litestar.response import Redirect

from lending.catalog.printing.api import pdf
from lending.core.actor import Actor
from lending.core.errors import Conflict, Invalid, NotFound
from lending.core.http.problems import Problem, problem_of
from lending.loans.service import Loans
from lending.loans.service.declarations import Declarations
from lending.shipping.deliveries.labels import DeliveryLabels
from lending.shipping.deliveries.rules import LONGEST_STREET
from lending.shipping.deliveries.schemas import Arrival, NewDelivery, NewReturn
from lending.shipping.deliveries.service import Deliveries
from lending.shipping.shipments.rules import LONGEST_NAME, Mode
from lending.web.pages.form_values import LARGEST_ID, code_in, note_in
from lending.web.pages.gap_forms import gaps_in
from lending.web.pages.shipment_forms import LONGEST_CODE
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
RowId = Annotated[int, PathParameter(ge=1, le=LARGEST_ID)]
Form = dict[str, str]
LONGEST_TRACKING = 60


class DeliveryPages:
    """Puts the page together; one object per request."""

    def __init__(
        self, request: AnyRequest, deliveries: Deliveries, loans: Loans, declarations: Declarations, actor: Actor
    ) -> None:
        self._request = request
        self._deliveries = deliveries
        self._loans = loans
        self._declarations = declarations
        self._actor = actor

    def shown(self, booking_id: int, sent: Form | None = None, problem: Problem | None = None) -> Response[str]:
        """How it travels, and the form for what comes next. Raises NotFound, Unauthenticated, Forbidden."""
        view = self._deliveries.of_booking(self._actor, booking_id)
        return page(
            self._request,
            "deliveries/page.html",
            problem=problem,
            view=view,
            one=self._loans.reservation(self._actor, booking_id).reservation,
            modes=list(Mode),
            sections=self._declarations.contents(self._actor, booking_id) if view.may_confirm else [],
            sent=sent or {},
        )

    def done(self, booking_id: int, data: Form, act: Callable[[], object], said: str) -> Response[str] | Redirect:
        """The page after an act; a refusal stands on it, with what was typed."""
        try:
            act()
        except (Conflict, Invalid, NotFound) as error:
            return self.shown(booking_id, data, problem_of(error))
        return see(f"/reservations/{booking_id}/delivery?done={said}")


@get("/reservations/{booking_id:int}/delivery", sync_to_thread=True)
def one(
    request: AnyRequest,
    deliveries: NamedDependency[Deliveries],
    loans: NamedDependency[Loans],
    declarations: NamedDependency[Declarations],
    actor: NamedDependency[Actor],
    booking_id: RowId,
) -> Response[str]:
    """How a loan travels."""
    return DeliveryPages(request, deliveries, loans, declarations, actor).shown(booking_id)


@post("/reservations/{booking_id:int}/delivery", sync_to_thread=True)
def send(
    request: AnyRequest,
    deliveries: NamedDependency[Deliveries],
    loans: NamedDependency[Loans],
    declarations: NamedDependency[Declarations],
    actor: NamedDependency[Actor],
    booking_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """The copy leaves for the school."""
    pages = DeliveryPages(request, deliveries, loans, declarations, actor)
    return pages.done(booking_id, data, lambda: deliveries.send(actor, booking_id, _delivery(data)), "delivery-sent")


@post("/reservations/{booking_id:int}/delivery/arrival", sync_to_thread=True)
def confirm(
    request: AnyRequest,
    deliveries: NamedDependency[Deliveries],
    loans: NamedDependency[Loans],
    declarations: NamedDependency[Declarations],
    actor: NamedDependency[Actor],
    booking_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """The school says that it came, and what it lacks."""
    pages = DeliveryPages(request, deliveries, loans, declarations, actor)

    def act() -> None:
        deliveries.confirm(actor, booking_id, Arrival(gaps_in(data)))

    return pages.done(booking_id, data, act, "delivery-confirmed")


@post("/reservations/{booking_id:int}/delivery/way-back", sync_to_thread=True)
def send_back(
    request: AnyRequest,
    deliveries: NamedDependency[Deliveries],
    loans: NamedDependency[Loans],
    declarations: NamedDependency[Declarations],
    actor: NamedDependency[Actor],
    booking_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """The copy leaves the school."""
    pages = DeliveryPages(request, deliveries, loans, declarations, actor)
    return pages.done(booking_id, data, lambda: deliveries.send_back(actor, booking_id, _return(data)), "sent-back")


@get("/reservations/{booking_id:int}/delivery/labels.pdf", sync_to_thread=True)
def labels(
    delivery_labels: NamedDependency[DeliveryLabels], actor: NamedDependency[Actor], booking_id: RowId
) -> Response[bytes]:
    """The label to the school, and the one for the way back."""
    return pdf(delivery_labels.of_booking(actor, booking_id), f"delivery-{booking_id}")


def _delivery(data: Form) -> NewDelivery:
    return NewDelivery(
        code=data.get("code", "").strip()[:LONGEST_CODE],
        mode=code_in(data, "mode", Mode),
        carrier=note_in(data, "carrier", LONGEST_NAME),
        tracking_number=note_in(data, "tracking_number", LONGEST_TRACKING),
        street=note_in(data, "street", LONGEST_STREET),
    )


def _return(data: Form) -> NewReturn:
    return NewReturn(
        mode=code_in(data, "mode", Mode),
        carrier=note_in(data, "carrier", LONGEST_NAME),
        tracking_number=note_in(data, "tracking_number", LONGEST_TRACKING),
    )


HANDLERS: list[Any] = [one, send, confirm, send_back, labels]
ROUTES = [Router("/", route_handlers=HANDLERS, include_in_schema=False)]
