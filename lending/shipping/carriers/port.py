"""Where prices of carriers come from: the port that a service with many carriers would fill as well."""

from dataclasses import dataclass
from typing import Protocol

from lending.core.database import Database
from lending.shipping.carriers import queries
from lending.shipping.carriers.rules import Address, Quote, Zone, quotes_of


@dataclass(frozen=True, slots=True)
class Consignment:
    """What a carrier must know: who sends (the organisation's place in the tree), from where to where, how heavy."""

    path: str
    sender: Address
    receiver: Address
    zone: Zone
    weights_grams: tuple[int, ...]


class CarrierPort(Protocol):
    """Answers what carriers ask for a consignment, the cheapest first; never inside a transaction of the caller."""

    def quotes(self, consignment: Consignment) -> list[Quote]:
        """None of them where no carrier takes it."""


class PricesByHand:
    """The price tables that people keep: the sender's own, else its union's, else the federation's."""

    def __init__(self, db: Database) -> None:
        """Takes the database that holds them."""
        self._db = db

    def quotes(self, consignment: Consignment) -> list[Quote]:
        """What the table in force asks."""
        with self._db.read() as session:
            found = queries.table_in_force(session, consignment.path)
            prices = queries.prices_of(session, found.organisation_id) if found else []
        return quotes_of(prices, consignment.zone, consignment.weights_grams)
