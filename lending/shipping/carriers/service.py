"""Use cases of carriers: their prices, and what they ask for a shipment."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from lending.catalog.rules import clean_line
from lending.core.actor import Actor, Role
from lending.core.database import Database
from lending.network import queries as network
from lending.network.turns import take_turns
from lending.shipping.carriers import queries
from lending.shipping.carriers.port import CarrierPort, Consignment
from lending.shipping.carriers.rules import Price, PricesChanged, check_prices, faults_of, zone_of
from lending.shipping.carriers.schemas import PriceLine, PriceTableChange, PriceTableView, ProposedCosts, QuoteView
from lending.shipping.carriers.tables import CarrierPrice, PriceTable
from lending.shipping.shipments import queries as shipments
from lending.shipping.shipments.schemas import ShipmentView
from lending.shipping.shipments.service import packing


class Carriers:
    """Prices of carriers and the costs that follow from them."""

    def __init__(self, db: Database, port: CarrierPort) -> None:
        """Takes the database and who knows the prices."""
        self._db = db
        self._port = port

    def prices(self, actor: Actor, organisation_id: int) -> PriceTableView:
        """The prices of an association, a union or the federation. Raises Forbidden, NotFound."""
        with self._db.read() as session:
            return self._table(session, actor, organisation_id)

    def set_prices(self, actor: Actor, organisation_id: int, change: PriceTableChange) -> PriceTableView:
        """Keep another table, whole; without a line the one above it holds again.

        Raises BadPrice, TooManyPrices, SamePriceTwice, PricesChanged, Forbidden, NotFound.
        """
        prices = [_price(one) for one in change.prices]
        with self._db.write() as session:
            self._table(session, actor, organisation_id)
            _next_version(session, organisation_id, change.version)
            check_prices(prices)
            session.execute(delete(CarrierPrice).where(CarrierPrice.organisation_id == organisation_id))
            session.add_all([_row(organisation_id, one) for one in prices])
            session.flush()
            return queries.table_of(session, organisation_id)

    def proposed(self, actor: Actor, shipment_id: int) -> ProposedCosts:
        """What carriers ask for a shipment, for those at its ends. Raises Forbidden, NotFound."""
        with self._db.read() as session:
            view = shipments.one(session, shipment_id)
            packing.require_either(session, actor, view.summary.from_depot_id, view.summary.to_depot_id)
            origin = network.depot(session, view.summary.from_depot_id)
            sender = queries.address_of(origin)
            receiver = queries.address_of(network.depot(session, view.summary.to_depot_id))
            path = network.path_of(session, origin.association_id)
        zone, weights = zone_of(sender.postcode, receiver.postcode), _weights(view)
        quotes = []
        if zone is not None and weights:
            quotes = self._port.quotes(Consignment(path, sender, receiver, zone, weights))
        return ProposedCosts(
            zone=zone,
            quotes=[QuoteView(carrier=one.carrier, cents=one.cents) for one in quotes],
            unweighed=[parcel.number for parcel in view.parcels if parcel.weight_grams is None],
            sender_faults=list(faults_of(sender)),
            receiver_faults=list(faults_of(receiver)),
        )

    def _table(self, session: Session, actor: Actor, organisation_id: int) -> PriceTableView:
        actor.require(network.path_of(session, organisation_id), Role.STAFF, Role.COORDINATOR)
        return queries.table_of(session, organisation_id)


def _next_version(session: Session, organisation_id: int, version: int) -> None:
    """Nobody else changes this table until the end. Raises PricesChanged when somebody did since `version`."""
    take_turns(session, network.path_of(session, organisation_id))
    table = session.get(PriceTable, organisation_id, populate_existing=True)
    known = table.version if table else 0
    if known != version:
        raise PricesChanged(version=known)
    if table is None:
        session.add(PriceTable(organisation_id=organisation_id, version=1))
    else:
        table.version += 1
    session.flush()


def _weights(view: ShipmentView) -> tuple[int, ...]:
    """The weight of every parcel; none at all while one is missing."""
    known = [parcel.weight_grams for parcel in view.parcels if parcel.weight_grams is not None]
    return tuple(known) if len(known) == len(view.parcels) else ()


def _price(one: PriceLine) -> Price:
    return Price(clean_line(one.carrier), one.zone, one.up_to_grams, one.price_cents)


def _row(organisation_id: int, one: Price) -> CarrierPrice:
    return CarrierPrice(
        organisation_id=organisation_id,
        carrier=one.carrier,
        zone=one.zone.value,
        up_to_grams=one.up_to_grams,
        price_cents=one.cents,
    )
