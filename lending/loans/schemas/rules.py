"""Rules of lending as people read and write them. Money is in cents."""

import datetime as dt
from typing import Annotated, Any, Literal

import msgspec

from lending.catalog.rules import Kind
from lending.loans.rules.borrowers import Borrowers
from lending.loans.rules.loan_rules import AgreementNeed, DepositForm, FeeMode, PeriodMode

Days = Annotated[int, msgspec.Meta(ge=0, le=800)]
SomeDays = Annotated[int, msgspec.Meta(ge=1, le=800)]
Count = Annotated[int, msgspec.Meta(ge=1, le=10_000)]
Cents = Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]
Source = Literal["product", "network", "association"]


class RuleWordsIn(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule says; null leaves the word to the less specific rule.

    Without a kind it holds for every kind, without borrowers for all of them. `version` is that of the rule
    which is replaced, 0 for a new one.
    """

    kind: Kind | None = None
    borrowers: Borrowers | None = None
    version: int = 0
    is_lendable: bool | None = None
    period_mode: PeriodMode | None = None
    loan_days: SomeDays | None = None
    max_loan_days: SomeDays | None = None
    renewals: Annotated[int, msgspec.Meta(ge=0, le=100)] | None = None
    renewal_days: SomeDays | None = None
    max_open_loans: Count | None = None
    max_of_kind: Count | None = None
    one_over_holidays: bool | None = None
    lead_days: Days | None = None
    horizon_days: SomeDays | None = None
    preparation_days: Days | None = None
    turnaround_days: Days | None = None
    reminder_days: Days | None = None
    lapse_days: SomeDays | None = None
    recall_days: Days | None = None
    returns_in_piles: bool | None = None
    needs_approval: bool | None = None
    agreement: AgreementNeed | None = None
    deposit_form: DepositForm | None = None
    deposit_cents: Cents | None = None
    fee_mode: FeeMode | None = None
    fee_cents: Cents | None = None


class StoredRule(msgspec.Struct, frozen=True, kw_only=True):
    """A rule as it is written down; `said` holds only what it says."""

    id: int
    association_id: int | None
    kind: Kind | None
    borrowers: Borrowers | None
    version: int
    said: dict[str, Any]


class RuleFact(msgspec.Struct, frozen=True, kw_only=True):
    """One fact of the rule in force, and which rule says it: kind and borrowers are the scope of that rule."""

    name: str
    value: Any
    source: Source
    kind: Kind | None = None
    borrowers: Borrowers | None = None


class RuleInForce(msgspec.Struct, frozen=True, kw_only=True):
    """The rule in force for a kind in an association and for these borrowers, and why."""

    association_id: int
    kind: Kind
    borrowers: Borrowers
    facts: list[RuleFact]

    def value(self, name: str) -> Any:
        """One fact's value."""
        return next(fact.value for fact in self.facts if fact.name == name)


class NewBlackout(msgspec.Struct, frozen=True, kw_only=True):
    """Days, both included, on which an association lends nothing (of a kind)."""

    starts_on: dt.date
    until_on: dt.date
    reason: Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
    kind: Kind | None = None


class BlackoutView(msgspec.Struct, frozen=True, kw_only=True):
    """Days, both included, on which an association lends nothing (of a kind)."""

    id: int
    starts_on: dt.date
    until_on: dt.date
    reason: str
    kind: Kind | None


class PeriodChoice(msgspec.Struct, frozen=True):
    """Dates that one tap takes: `number` is that of the school period, or of weeks. `is_free`: a copy can be had."""

    unit: Literal["period", "week"]
    number: int
    starts_on: dt.date
    due_on: dt.date
    is_free: bool
