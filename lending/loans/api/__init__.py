"""Lending over JSON."""

from lending.loans.api import bookings, closures, conditions, rules

ROUTES = [*bookings.ROUTES, *closures.ROUTES, *conditions.ROUTES, *rules.ROUTES]
