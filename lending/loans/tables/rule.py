"""What associations allow: rules of lending, days without loans, agreements signed for a school year."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base


class LoanRule(Base):
    """A rule of lending. No association = the network's default; no kind = every kind; no borrowers = everybody.

    The most specific rule that speaks wins. A null column says nothing and leaves the word to the less specific
    rule. Lengths are in days; preparation, turnaround and lapse count the depot's open days; money is in cents.
    """

    __tablename__ = "loan_rule"
    id: Mapped[int] = mapped_column(primary_key=True)
    association_id: Mapped[int | None] = mapped_column(ForeignKey("association.organisation_id"))
    kind: Mapped[str | None] = mapped_column(String(8))
    borrowers: Mapped[str | None] = mapped_column(String(10))
    scope: Mapped[str] = mapped_column(String(40))
    is_lendable: Mapped[bool | None]
    period_mode: Mapped[str | None] = mapped_column(String(8))
    loan_days: Mapped[int | None]
    max_loan_days: Mapped[int | None]
    renewals: Mapped[int | None]
    renewal_days: Mapped[int | None]
    max_open_loans: Mapped[int | None]
    max_of_kind: Mapped[int | None]
    one_over_holidays: Mapped[bool | None]
    lead_days: Mapped[int | None]
    horizon_days: Mapped[int | None]
    preparation_days: Mapped[int | None]
    turnaround_days: Mapped[int | None]
    reminder_days: Mapped[int | None]
    lapse_days: Mapped[int | None]
    recall_days: Mapped[int | None]
    returns_in_piles: Mapped[bool | None]
    needs_approval: Mapped[bool | None]
    agreement: Mapped[str | None] = mapped_column(String(8))
    deposit_form: Mapped[str | None] = mapped_column(String(8))
    deposit_cents: Mapped[int | None]
    fee_mode: Mapped[str | None] = mapped_column(String(8))
    fee_cents: Mapped[int | None]
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        CheckConstraint("kind in ('trunk', 'game', 'book', 'sheet')", name="kind"),
        CheckConstraint("borrowers in ('own', 'region', 'elsewhere')", name="borrowers"),
        CheckConstraint("period_mode in ('free', 'week', 'period')", name="period_mode"),
        CheckConstraint("agreement in ('slip', 'loan', 'year')", name="agreement"),
        CheckConstraint("deposit_form in ('none', 'cheque', 'letter')", name="deposit_form"),
        CheckConstraint("fee_mode in ('none', 'loan', 'year', 'pupils')", name="fee_mode"),
        CheckConstraint(
            "loan_days > 0 and max_loan_days > 0 and max_open_loans > 0 and horizon_days > 0",
            name="positive",
        ),
        CheckConstraint("max_of_kind > 0 and renewal_days > 0 and lapse_days > 0", name="more_positive"),
        CheckConstraint(
            "lead_days >= 0 and preparation_days >= 0 and turnaround_days >= 0 and reminder_days >= 0",
            name="not_negative",
        ),
        CheckConstraint(
            "renewals >= 0 and recall_days >= 0 and deposit_cents >= 0 and fee_cents >= 0",
            name="more_not_negative",
        ),
        # The work around a loan is the depot's: it does not depend on who borrows.
        CheckConstraint(
            "borrowers is null or (preparation_days is null and turnaround_days is null)",
            name="work_is_the_depots",
        ),
        # Null is never equal to null, so that the columns alone could stand twice: `scope` spells them out.
        UniqueConstraint("scope"),
        CheckConstraint(
            "scope = coalesce(cast(association_id as varchar), '*') || ':' || coalesce(kind, '*')"
            " || coalesce(':' || borrowers, '')",
            name="scope",
        ),
    )


def rule_scope(association_id: int | None, kind: str | None, borrowers: str | None = None) -> str:
    """What makes a rule the only one of its scope: `37:trunk`, `37:*`, `*:*`, `37:trunk:region`."""
    place = f"{'*' if association_id is None else association_id}:{kind or '*'}"
    return place if borrowers is None else f"{place}:{borrowers}"


class Blackout(Base):
    """Local days `[starts_on, ends_on)` on which an association lends nothing (of a kind), for a reason."""

    __tablename__ = "blackout"
    id: Mapped[int] = mapped_column(primary_key=True)
    association_id: Mapped[int] = mapped_column(ForeignKey("association.organisation_id"), index=True)
    kind: Mapped[str | None] = mapped_column(String(8))
    starts_on: Mapped[dt.date]
    ends_on: Mapped[dt.date]
    reason: Mapped[str] = mapped_column(Text, default="")
    __table_args__ = (
        CheckConstraint("kind in ('trunk', 'game', 'book', 'sheet')", name="kind"),
        CheckConstraint("starts_on < ends_on", name="period"),
    )


class Agreement(Base):
    """A school's agreement with an association, signed for a school year (2026 = 2026-27)."""

    __tablename__ = "agreement"
    association_id: Mapped[int] = mapped_column(ForeignKey("association.organisation_id"), primary_key=True)
    school_id: Mapped[int] = mapped_column(ForeignKey("school.organisation_id"), primary_key=True)
    school_year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    signed_on: Mapped[dt.date]
    __table_args__ = (CheckConstraint("school_year between 2000 and 2200", name="school_year"),)
