"""The tables of lending."""

from lending.loans.tables.appointment import Appointment
from lending.loans.tables.booking import OPEN_STATES, Booking
from lending.loans.tables.declaration import Declaration
from lending.loans.tables.desk_act import DeskAct
from lending.loans.tables.incident import Incident
from lending.loans.tables.invitation import SchoolInvitation
from lending.loans.tables.record import BookingEvent, Feed
from lending.loans.tables.relay import Relay, RelayGap
from lending.loans.tables.reminder import OverdueStep
from lending.loans.tables.review import Review
from lending.loans.tables.rule import Agreement, Blackout, LoanRule, rule_scope
from lending.loans.tables.wish import OPEN_WISHES, Wish

__all__ = [
    "OPEN_STATES",
    "OPEN_WISHES",
    "Agreement",
    "Appointment",
    "Blackout",
    "Booking",
    "BookingEvent",
    "Declaration",
    "DeskAct",
    "Feed",
    "Incident",
    "LoanRule",
    "OverdueStep",
    "Relay",
    "RelayGap",
    "Review",
    "SchoolInvitation",
    "Wish",
    "rule_scope",
]
