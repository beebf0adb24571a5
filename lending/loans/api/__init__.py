"""Lending over JSON."""

from lending.loans.api import bookings, calendars, closures, conditions, rules

ROUTES = [*bookings.ROUTES, *calendars.ROUTES, *closures.ROUTES, *conditions.ROUTES, *rules.ROUTES]
