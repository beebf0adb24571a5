"""Plans as people ask for them and see them. Money is in cents; days are local days of metropolitan France."""

import datetime as dt
from typing import Annotated, Literal

import msgspec

RowId = Annotated[int, msgspec.Meta(ge=1, le=2**31 - 1)]
Cents = Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]
Percent = Annotated[int, msgspec.Meta(ge=0, le=100)]
Period = Annotated[int, msgspec.Meta(ge=1, le=5)]
Reach = Literal["inside", "between"]
PlanState = Literal["waiting", "solving", "solved", "failed"]
MoveState = Literal["proposed", "dropped", "accepted", "refused"]


class UnmetFact(msgspec.Struct, frozen=True):
    """A wish that found nothing: `reason` is `search` or `reservation`; `words` are folded; `day` says when."""

    reason: str
    association_code: str
    words: str
    themes: tuple[str, ...]
    day: dt.date
    times: int


class NewPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A question: which copies of a union's (or the federation's) associations should move.

    `reach` is `inside` (within each union) or `between` (from one union to another, for the federation). The demand of
    the school periods `first_period` to `last_period` of `school_year` (2026 = 2026-27) counts. `loan_cents` is what
    one more loan is worth, `fairness_percent` how much places that are served worse count for more. Copies that come
    back do so on `returns_on`. A copy moves at most `most_moves` times in a school year.
    """

    organisation_id: RowId
    name: Annotated[str, msgspec.Meta(min_length=1, max_length=80)]
    school_year: Annotated[int, msgspec.Meta(ge=2000, le=2200)]
    first_period: Period
    last_period: Period
    leaves_on: dt.date
    returns_on: dt.date | None = None
    reach: Reach = "inside"
    budget_cents: Cents | None = None
    fairness_percent: Percent = 0
    loan_cents: Annotated[int, msgspec.Meta(ge=1, le=100_000)] = 1500
    copy_cents: Annotated[int, msgspec.Meta(ge=0, le=100_000)] = 200
    trip_cents: Annotated[int, msgspec.Meta(ge=0, le=1_000_000)] = 1000
    km_cents: Annotated[int, msgspec.Meta(ge=0, le=10_000)] = 35
    capacity: Annotated[int, msgspec.Meta(ge=1, le=10_000)] = 60
    most_moves: Annotated[int, msgspec.Meta(ge=1, le=20)] = 1


class PlanView(msgspec.Struct, frozen=True, kw_only=True):
    """A plan and its answer. Loans and requests are expected numbers over the periods asked about."""

    id: int
    organisation_id: int
    organisation_name: str
    name: str
    state: PlanState
    reach: Reach
    school_year: int
    first_period: int
    last_period: int
    leaves_on: dt.date
    returns_on: dt.date | None
    budget_cents: int | None
    fairness_percent: int
    loan_cents: int
    copy_cents: int
    trip_cents: int
    km_cents: int
    capacity: int
    most_moves: int
    requests: float
    served_before: float
    served_after: float
    cost_cents: int
    value_cents: int
    bound_cents: int | None
    trips: int
    moves: int
    accepted: int
    seconds: float
    created_at: dt.datetime
    solved_at: dt.datetime | None
    version: int

    @property
    def more_loans(self) -> float:
        """Loans that the plan is expected to win."""
        return self.served_after - self.served_before

    @property
    def percent_of_bound(self) -> float | None:
        """How near the plan is to what no plan can exceed; nothing while that is unknown. A cent is none."""
        if self.bound_cents is None:
            return None
        return 100.0 if self.bound_cents - self.value_cents <= 1 else 100.0 * self.value_cents / self.bound_cents


class MoveFacts(msgspec.Struct, frozen=True, kw_only=True):
    """The numbers behind a move. Counts of requests are of the last two years, expectations of the plan's periods."""

    loans_there: int
    waiting_there: int
    refused_there: int
    searched_there: float
    requests_there: float
    copies_there: int
    loans_here: int
    requests_here: float
    copies_here: int
    idle_weeks: int
    gain_there: float
    loss_here: float
    km: float
    copies_on_trip: int


class MoveView(msgspec.Struct, frozen=True, kw_only=True):
    """A copy that a plan would move. `why` is the reason in one sentence in the reader's language.

    `loans_since` counts the loans that began at the destination since the copy arrived and before the plan's periods
    were over; null before it arrived.
    """

    id: int
    state: MoveState
    refusal: str
    title_id: int
    title_name: str
    copy_id: int
    copy_code: str
    from_depot_id: int
    from_depot_name: str
    from_association_code: str
    from_association_name: str
    to_depot_id: int
    to_depot_name: str
    to_association_code: str
    to_association_name: str
    gain_loans: float
    cost_cents: int
    facts: MoveFacts
    transfer_id: int | None
    transfer_state: str | None
    loans_since: int | None
    why: str


class PlanDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A plan with its moves, those that bring most first.

    Loans count if they began before `counted_until_on`, when the plan's last school period is over.
    """

    plan: PlanView
    counted_until_on: dt.date
    moves: list[MoveView]


class MoveChoice(msgspec.Struct, frozen=True, kw_only=True):
    """Some moves of a plan, or all that are still proposed."""

    move_ids: Annotated[list[RowId], msgspec.Meta(max_length=5000)] = []
    is_all: bool = False


class Accepted(msgspec.Struct, frozen=True, kw_only=True):
    """What became of accepted moves: how many are transfers now, and how many a rule refused meanwhile."""

    accepted: int
    refused: int


class PolicyView(msgspec.Struct, frozen=True, kw_only=True):
    """What an owner allows: whether its copies may move, and how many of each title stay at home at least."""

    association_id: int
    association_name: str
    consents: bool
    kept_at_home: int
    version: int


class PolicyChange(msgspec.Struct, frozen=True, kw_only=True):
    """What an owner allows from now on; `version` is the one that was read."""

    consents: bool
    kept_at_home: Annotated[int, msgspec.Meta(ge=0, le=99)]
    version: int


class PlaceBalance(msgspec.Struct, frozen=True, kw_only=True):
    """Supply and demand of a theme (or everything) in a department over the coming school year.

    `requests` and `served` are expected; `unmet` counts what was refused, waits or found nothing in the last two years.
    """

    association_id: int
    code: str
    name: str
    copies: int
    requests: float
    served: float
    unmet: float

    @property
    def percent_served(self) -> float:
        """The share of the expected requests that present copies serve."""
        return 100.0 * self.served / self.requests if self.requests else 100.0


class TitleDemand(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of a title in an association: counts of the last two years and what is expected of each period."""

    title_id: int
    title_name: str
    association_id: int
    association_code: str
    association_name: str
    copies: int
    loans: int
    waiting: int
    refused: int
    searched: float
    known_ahead: int
    yearly: float
    region_yearly: float
    strength: float
    periods: list[float]
    served: float
