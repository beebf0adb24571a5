"""Reads of price tables."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from lending.core.errors import NotFound
from lending.network.schemas import DepotView
from lending.network.tables import Organisation
from lending.shipping.carriers.rules import Address, Price, Zone
from lending.shipping.carriers.schemas import PriceLine, PriceTableView
from lending.shipping.carriers.tables import CarrierPrice, PriceTable


def table_of(session: Session, organisation_id: int) -> PriceTableView:
    """An organisation's own prices, none where it has no table. Raises NotFound for a school and for nobody."""
    organisation = session.get(Organisation, organisation_id)
    if organisation is None or organisation.kind == "school":
        raise NotFound
    table, used = session.get(PriceTable, organisation_id), table_in_force(session, organisation.path)
    return PriceTableView(
        organisation_id=organisation_id,
        organisation_name=organisation.name,
        version=table.version if table else 0,
        prices=[_line(one) for one in prices_of(session, organisation_id)],
        used_from=session.get_one(Organisation, used.organisation_id).name if used else "",
    )


def table_in_force(session: Session, path: str) -> PriceTable | None:
    """The nearest table with prices, from the organisation at `path` upwards."""
    ids = [int(part) for part in path.strip("/").split("/")]
    query = (
        select(PriceTable)
        .join(Organisation, Organisation.id == PriceTable.organisation_id)
        .where(PriceTable.organisation_id.in_(ids))
        .where(select(CarrierPrice.id).where(CarrierPrice.organisation_id == PriceTable.organisation_id).exists())
        .order_by(func.length(Organisation.path).desc())
    )
    return session.scalar(query.limit(1))


def prices_of(session: Session, organisation_id: int) -> list[Price]:
    """The lines of a table, carrier by carrier, from near to far and from light to heavy."""
    rows = session.scalars(select(CarrierPrice).where(CarrierPrice.organisation_id == organisation_id))
    prices = [Price(one.carrier, Zone(one.zone), one.up_to_grams, one.price_cents) for one in rows]
    return sorted(prices, key=lambda one: (one.carrier.casefold(), list(Zone).index(one.zone), one.up_to_grams))


def address_of(depot: DepotView) -> Address:
    """A depot as a carrier sees it."""
    return Address(depot.name, depot.address, depot.postcode.strip(), depot.commune)


def _line(one: Price) -> PriceLine:
    return PriceLine(carrier=one.carrier, zone=one.zone, up_to_grams=one.up_to_grams, price_cents=one.cents)
