"""What two invented carriers ask in the home region."""

from sqlalchemy.orm import Session

from lending.demo.network import DemoNetwork
from lending.demo.towns import HOME
from lending.network.tables import Organisation
from lending.shipping.carriers.rules import Zone
from lending.shipping.carriers.tables import CarrierPrice, PriceTable

GRAMS_PER_KILO = 1000
# Carrier, zone, kilos, cents.
PRICES = (
    ("Colis Grand Ouest", Zone.DEPARTMENT, 5, 690),
    ("Colis Grand Ouest", Zone.DEPARTMENT, 15, 1150),
    ("Colis Grand Ouest", Zone.DEPARTMENT, 30, 1790),
    ("Colis Grand Ouest", Zone.MAINLAND, 5, 990),
    ("Colis Grand Ouest", Zone.MAINLAND, 15, 1690),
    ("Colis Grand Ouest", Zone.MAINLAND, 30, 2490),
    ("Relais Malin", Zone.MAINLAND, 10, 1120),
    ("Relais Malin", Zone.MAINLAND, 20, 1850),
)


def load_prices(session: Session, network: DemoNetwork) -> None:
    """The union's table: its associations keep none of their own."""
    home = session.get_one(Organisation, network.associations[HOME])
    session.add(PriceTable(organisation_id=home.parent_id, version=1))
    session.flush()
    session.add_all(
        CarrierPrice(
            organisation_id=home.parent_id,
            carrier=carrier,
            zone=zone.value,
            up_to_grams=kilos * GRAMS_PER_KILO,
            price_cents=cents,
        )
        for carrier, zone, kilos, cents in PRICES
    )
