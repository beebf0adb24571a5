"""Lending over JSON."""

from lending.loans.api import (
    appointments,
    baskets,
    bookings,
    calendars,
    changes,
    closures,
    conditions,
    contents,
    declarations,
    desk,
    incidents,
    members,
    reviews,
    rules,
    waiting,
)

ROUTES = [
    *appointments.ROUTES,
    *baskets.ROUTES,
    *bookings.ROUTES,
    *calendars.ROUTES,
    *changes.ROUTES,
    *closures.ROUTES,
    *conditions.ROUTES,
    *contents.ROUTES,
    *declarations.ROUTES,
    *desk.ROUTES,
    *incidents.ROUTES,
    *members.ROUTES,
    *reviews.ROUTES,
    *rules.ROUTES,
    *waiting.ROUTES,
]
