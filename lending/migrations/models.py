"""Brings every table and guard into one place, for migrations and for checks that they agree."""

from lending.accounts import tables as accounts
from lending.catalog import tables as catalog
from lending.core import tables as core
from lending.core.database import metadata
from lending.loans import guards
from lending.loans import tables as loans
from lending.network import tables as network
from lending.notices import tables as notices
from lending.search import tables as search
from lending.shipping import tables as shipping

__all__ = [
    "accounts",
    "catalog",
    "core",
    "guards",
    "loans",
    "metadata",
    "network",
    "notices",
    "search",
    "shipping",
]
