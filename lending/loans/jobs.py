"""What the worker calls. Each asks the present state, so that it may run at any time and any number of times."""

from lending.loans.service import Loans
from lending.loans.service.incidents import Incidents


def grow_overdue(loans: Loans) -> int:
    """Late loans keep their copies, uncollected reservations lapse, plans and appointments are put right.

    Returns how many.
    """
    return loans.grow_overdue() + loans.lapse_uncollected() + loans.replan_changed() + loans.keep_appointments()


def announce_due_soon(loans: Loans) -> int:
    """Reminders before the last day; returns how many were announced."""
    return loans.remind_due_soon()


def announce_overdue(loans: Loans) -> int:
    """Notices of lateness; returns how many were announced."""
    return loans.tell_overdue()


def announce_affiliations_ending(loans: Loans) -> int:
    """Notices of affiliations that end; returns how many were announced."""
    return loans.tell_affiliations_ending()


def announce_digests(loans: Loans) -> int:
    """Digests of today; returns how many were announced."""
    return loans.tell_digests()


def age_overdue(incidents: Incidents) -> int:
    """Ask about each loan that is very late whether its copy is lost; returns how many were asked about."""
    return incidents.age_overdue()
