"""How a loan travels: sent by its depot, confirmed by its school on a phone, sent back."""

from typing import Annotated, Any

from litestar import Response, Router, get, post
from litestar.di import NamedDependency, Provide
from litestar.params import PathParameter, URLEncodedBody
from litestar.response import Redirect

from lending.catalog.printing.api import pdf
from lending.core.actor import Actor
from lending.loans.service import Loans
from lending.loans.service.declarations import Declarations
from lending.shipping.deliveries.labels import DeliveryLabels
from lending.shipping.deliveries.rules import LONGEST_STREET
from lending.shipping.deliveries.schemas import Arrival, DeliveriesView, NewDelivery, NewReturn
from lending.shipping.deliveries.service import Deliveries
from lending.shipping.shipments.rules import LONGEST_NAME, Mode
from lending.web.pages.form_values import LARGEST_ID, code_in, note_in
from lending.web.pages.gap_forms import gaps_in
from lending.web.pages.shipment_forms import LONGEST_CODE
from lending.web.pages.ways import LONGEST_TRACKING, AnyRequest, Form, WayPages

RowId = Annotated[int, PathParameter(ge=1, le=LARGEST_ID)]


class DeliveryPages(WayPages[DeliveriesView]):
    """The page of a loan's way to its school and back."""

    template = "deliveries/page.html"
    name = "delivery"

    def __init__(
        self, request: AnyRequest, deliveries: Deliveries, loans: Loans, declarations: Declarations, actor: Actor
    ) -> None:
        super().__init__(request, loans, declarations, actor)
        self._deliveries = deliveries

    def _view(self, booking_id: int) -> DeliveriesView:
        return self._deliveries.of_booking(self._actor, booking_id)

    def _is_counted(self, view: DeliveriesView) -> bool:
        return view.may_confirm


def delivery_pages(
    request: AnyRequest,
    deliveries: NamedDependency[Deliveries],
    loans: NamedDependency[Loans],
    declarations: NamedDependency[Declarations],
    actor: NamedDependency[Actor],
) -> DeliveryPages:
    """The page's maker for this request."""
    return DeliveryPages(request, deliveries, loans, declarations, actor)


@get("/reservations/{booking_id:int}/delivery", sync_to_thread=True)
def one(pages: NamedDependency[DeliveryPages], booking_id: RowId) -> Response[str]:
    """How a loan travels."""
    return pages.shown(booking_id)


@post("/reservations/{booking_id:int}/delivery", sync_to_thread=True)
def send(
    pages: NamedDependency[DeliveryPages],
    deliveries: NamedDependency[Deliveries],
    actor: NamedDependency[Actor],
    booking_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """The copy leaves for the school."""
    return pages.done(booking_id, data, lambda: deliveries.send(actor, booking_id, _delivery(data)), "delivery-sent")


@post("/reservations/{booking_id:int}/delivery/arrival", sync_to_thread=True)
def confirm(
    pages: NamedDependency[DeliveryPages],
    deliveries: NamedDependency[Deliveries],
    actor: NamedDependency[Actor],
    booking_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """The school says that it came, and what it lacks."""
    arrived = "delivery-confirmed"
    return pages.done(booking_id, data, lambda: deliveries.confirm(actor, booking_id, Arrival(gaps_in(data))), arrived)


@post("/reservations/{booking_id:int}/delivery/way-back", sync_to_thread=True)
def send_back(
    pages: NamedDependency[DeliveryPages],
    deliveries: NamedDependency[Deliveries],
    actor: NamedDependency[Actor],
    booking_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """The copy leaves the school."""
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
PAGES = {"pages": Provide(delivery_pages, sync_to_thread=False)}
ROUTES = [Router("/", route_handlers=HANDLERS, dependencies=PAGES, include_in_schema=False)]
