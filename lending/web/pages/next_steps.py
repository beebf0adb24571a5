"""What a teacher should do next: one step for each offer and each open loan, the most pressing first."""

import datetime as dt

import msgspec

from lending.core.actor import Actor, Role
from lending.loans.rules.next_steps import Step, next_step, urgency
from lending.loans.schemas import Reservation
from lending.loans.schemas.waiting import WishView
from lending.loans.service import Loans
from lending.loans.service.reviews import Reviews
from lending.loans.service.wishes import Wishes
from lending.network.service import Network

MOST_SHOWN = 6


class LoanStep(msgspec.Struct, frozen=True):
    """A loan and what to do about it."""

    loan: Reservation
    step: Step


class NextSteps(msgspec.Struct, frozen=True, kw_only=True):
    """Offers that wait for an answer, loans, and loans that are over and nobody told about.

    `more` loans are not shown; `out` counts what the schools have.
    """

    offers: list[WishView]
    unreviewed: list[Reservation]
    loans: list[LoanStep]
    more: int
    out: int


def next_steps(loans: Loans, wishes: Wishes, network: Network, reviews: Reviews, actor: Actor) -> NextSteps | None:
    """The steps of a teacher; None for anybody else."""
    if not actor.has_role(Role.TEACHER):
        return None
    found = loans.reservations(actor, "open").items
    days: dict[int, dt.date] = {one: network.today(one) for one in {loan.association_id for loan in found}}
    ordered = sorted(found, key=lambda one: urgency(one, days[one.association_id]))
    return NextSteps(
        offers=[one for one in wishes.mine(actor) if one.offer is not None],
        unreviewed=reviews.wanted(actor),
        loans=[LoanStep(one, next_step(one, days[one.association_id])) for one in ordered[:MOST_SHOWN]],
        more=max(0, len(ordered) - MOST_SHOWN),
        out=sum(one.state == "out" for one in found),
    )
