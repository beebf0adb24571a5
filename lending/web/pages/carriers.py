"""What carriers ask: the table that an association, a union or the federation keeps, and a shipment's costs."""

from typing import Annotated, Any

from litestar import Request, Response, Router, get, post
from litestar.di import NamedDependency
from litestar.params import PathParameter, URLEncodedBody
from litestar.response import Redirect

from lending.core.actor import Actor
from lending.core.errors import Conflict, Invalid, PreconditionFailed
from lending.core.http.problems import Problem, problem_of
from lending.shipping.carriers.rules import LONGEST_CARRIER, MOST_CENTS, MOST_GRAMS, MOST_PRICES, BadPrice, Zone
from lending.shipping.carriers.schemas import PriceLine, PriceTableChange
from lending.shipping.carriers.service import Carriers
from lending.shipping.shipments.service import Shipments
from lending.web.pages.form_values import LARGEST_COUNT, count_in
from lending.web.pages.shipment_forms import euros_of, thousandths_in
from lending.web.rendering import page, see

AnyRequest = Request[Any, Any, Any]
RowId = Annotated[int, PathParameter(ge=1, le=2**31 - 1)]
Form = dict[str, str]
BLANK_LINES = 3
GRAMS_PER_KILO, CENTS_PER_EURO = 1000, 100
TOLD = (Conflict, Invalid, PreconditionFailed)


@get("/organisations/{organisation_id:int}/carriers", sync_to_thread=True)
def prices_page(
    request: AnyRequest, carriers: NamedDependency[Carriers], actor: NamedDependency[Actor], organisation_id: RowId
) -> Response[str]:
    """The table, with some empty lines below it."""
    return _shown(request, carriers, actor, organisation_id)


@post("/organisations/{organisation_id:int}/carriers", sync_to_thread=True)
def save_prices(
    request: AnyRequest,
    carriers: NamedDependency[Carriers],
    actor: NamedDependency[Actor],
    organisation_id: RowId,
    data: URLEncodedBody[Form],
) -> Response[str] | Redirect:
    """Keep the table as it was typed, whole."""
    try:
        version = count_in(data, "version", 0, LARGEST_COUNT)
        change = PriceTableChange(version=version, prices=prices_in(data))
        carriers.set_prices(actor, organisation_id, change)
    except TOLD as error:
        return _shown(request, carriers, actor, organisation_id, problem_of(error), data)
    return see(f"/organisations/{organisation_id}/carriers?done=saved")


@get("/shipments/{shipment_id:int}/costs", sync_to_thread=True)
def costs(
    request: AnyRequest,
    shipments: NamedDependency[Shipments],
    carriers: NamedDependency[Carriers],
    actor: NamedDependency[Actor],
    shipment_id: RowId,
) -> Response[str]:
    """What carriers ask for a shipment, and what is missing to ask them."""
    view, proposed = shipments.shipment(actor, shipment_id), carriers.proposed(actor, shipment_id)
    return page(request, "shipments/costs.html", view=view, proposed=proposed)


def prices_in(data: Form) -> list[PriceLine]:
    """The lines of the form; a line without a carrier, a weight and a price is none. Raises BadPrice."""
    return [_line(typed, number) for number, typed in enumerate(_typed(data), start=1)]


def _typed(data: Form) -> list[dict[str, str]]:
    """What stands in the lines that are not empty, in their order."""
    lines = []
    for number in range(1, MOST_PRICES + BLANK_LINES + 2):
        typed = {name: data.get(f"{name}-{number}", "").strip() for name in ("carrier", "zone", "kilos", "euros")}
        if typed["carrier"] or typed["kilos"] or typed["euros"]:
            lines.append(typed)
    return lines


def _line(typed: dict[str, str], number: int) -> PriceLine:
    grams, cents = thousandths_in(typed["kilos"], GRAMS_PER_KILO), thousandths_in(typed["euros"], CENTS_PER_EURO)
    is_named = 0 < len(typed["carrier"]) <= LONGEST_CARRIER and typed["zone"] in set(Zone)
    if not is_named or grams is None or cents is None or not 0 < grams <= MOST_GRAMS or not 0 <= cents <= MOST_CENTS:
        raise BadPrice(line=number)
    return PriceLine(carrier=typed["carrier"], zone=Zone(typed["zone"]), up_to_grams=grams, price_cents=cents)


def _shown(
    request: AnyRequest,
    carriers: Carriers,
    actor: Actor,
    organisation_id: int,
    problem: Problem | None = None,
    sent: Form | None = None,
) -> Response[str]:
    view = carriers.prices(actor, organisation_id)
    facts: dict[str, Any] = {
        "view": view,
        "lines": _typed(sent) if sent is not None else view.prices,
        "is_sent": sent is not None,
        "euros_of": euros_of,
        "version": sent.get("version", "0") if sent is not None else view.version,
        "zones": [zone.value for zone in Zone],
        "blank": BLANK_LINES,
    }
    return page(request, "shipments/carriers.html", problem=problem, **facts)


ROUTES = [Router("/", route_handlers=[prices_page, save_prices, costs], include_in_schema=False)]
