"""Lending over JSON."""

from lending.loans.api import bookings, conditions, rules

ROUTES = [*bookings.ROUTES, *conditions.ROUTES, *rules.ROUTES]
