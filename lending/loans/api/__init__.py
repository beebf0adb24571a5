"""Lending over JSON."""

from lending.loans.api import bookings

ROUTES = [*bookings.ROUTES]
