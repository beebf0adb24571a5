"""Brings every table and guard into one place, for migrations and for checks that they agree."""

from lending.accounts import tables as accounts
from lending.catalog import tables as catalog
from lending.catalog.history import tables as history
from lending.catalog.imports import tables as imports
from lending.catalog.photos import tables as photos
from lending.catalog.placing import tables as placing
from lending.catalog.printing import tables as printing
from lending.catalog.sheets import tables as sheets
from lending.catalog.stocktakes import tables as stocktakes
from lending.core import tables as core
from lending.core.database import metadata
from lending.loans import guards
from lending.loans import tables as loans
from lending.loans.papers import tables as papers
from lending.network import tables as network
from lending.notices import tables as notices
from lending.search import tables as search
from lending.shipping import tables as shipping
from lending.shipping.carriers import tables as carriers
from lending.shipping.deliveries import tables as deliveries
from lending.shipping.rebalancing import tables as rebalancing
from lending.shipping.rounds import tables as rounds
from lending.shipping.shipments import tables as shipments

__all__ = [
    "accounts",
    "carriers",
    "catalog",
    "core",
    "deliveries",
    "guards",
    "history",
    "imports",
    "loans",
    "metadata",
    "network",
    "notices",
    "papers",
    "photos",
    "placing",
    "printing",
    "rebalancing",
    "rounds",
    "search",
    "sheets",
    "shipments",
    "shipping",
    "stocktakes",
]
