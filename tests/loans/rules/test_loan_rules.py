"""What may be lent, when, to whom and for how long."""

import datetime as dt

import pytest

from lending.core.errors import LendingError
from lending.core.i18n import LANGUAGES, speaking
from lending.loans.rules import errors
from lending.loans.rules.calendar import ALWAYS_OPEN, OpeningCalendar
from lending.loans.rules.loan_rules import (
    DEFAULT_RULE,
    LoanRule,
    RuleWords,
    check_affiliation,
    check_dates,
    check_open_loans,
    resolve,
)
from lending.loans.rules.periods import DAY, Period

TODAY = dt.date(2027, 1, 4)  # a Monday
RULE = LoanRule(lead_days=2, max_loan_days=10, horizon_days=100)
OFFICE = OpeningCalendar(frozenset(range(5)))


def loan(start: int, length: int) -> Period:
    first = TODAY + start * DAY
    return Period.through(first, first + (length - 1) * DAY)


def test_c041_the_first_day_counts_and_so_does_the_last() -> None:
    assert Period.through(TODAY, TODAY).length_days == 1
    assert Period.through(TODAY, TODAY + 4 * DAY).due_on == TODAY + 4 * DAY


def test_c041_a_period_that_ends_before_it_starts_is_an_error() -> None:
    with pytest.raises(errors.PeriodReversed):
        Period.through(TODAY, TODAY - DAY)


@pytest.mark.parametrize("day", [dt.date.min, dt.date(1999, 12, 31)])
def test_a_day_long_ago_is_an_error_and_not_a_crash(day: dt.date) -> None:
    with pytest.raises(errors.DateOutOfRange):
        Period.through(day, TODAY)


def test_the_last_day_of_the_calendar_is_an_error_and_not_a_crash() -> None:
    with pytest.raises(errors.DateOutOfRange):
        Period.through(TODAY, dt.date.max)


def test_a_good_period_passes() -> None:
    check_dates(loan(2, 3), RULE, OFFICE, TODAY)


def test_a_period_in_the_past_is_refused() -> None:
    with pytest.raises(errors.PeriodInPast):
        check_dates(loan(-1, 3), RULE, OFFICE, TODAY)


def test_c054_a_start_inside_the_lead_time_names_the_earliest_day() -> None:
    with pytest.raises(errors.TooSoon) as refusal:
        check_dates(loan(1, 3), RULE, OFFICE, TODAY)
    assert refusal.value.earliest_on == TODAY + 2 * DAY


def test_the_staff_need_no_lead_time() -> None:
    check_dates(loan(0, 3), RULE, OFFICE, TODAY, needs_lead=False)


def test_c057_a_start_on_a_closed_day_is_refused_and_the_next_open_day_named() -> None:
    with pytest.raises(errors.StartsOnClosedDay) as refusal:
        check_dates(loan(5, 3), RULE, OFFICE, TODAY)
    assert refusal.value.next_open_on == TODAY + 7 * DAY


def test_c026_a_last_day_on_a_closed_day_is_refused_and_the_next_open_day_named() -> None:
    with pytest.raises(errors.DueOnClosedDay) as refusal:
        check_dates(loan(4, 2), RULE, OFFICE, TODAY)
    assert refusal.value.next_open_on == TODAY + 7 * DAY


def test_c057_a_period_across_closed_days_is_fine() -> None:
    check_dates(loan(4, 4), RULE, OFFICE, TODAY)


def test_c058_a_loan_of_the_longest_length_passes_and_a_day_more_does_not() -> None:
    check_dates(loan(2, 10), RULE, ALWAYS_OPEN, TODAY)
    with pytest.raises(errors.TooLong) as refusal:
        check_dates(loan(2, 11), RULE, ALWAYS_OPEN, TODAY)
    assert refusal.value.latest_due_on == TODAY + 11 * DAY


def test_beyond_the_horizon_nothing_is_taken() -> None:
    check_dates(loan(100, 2), RULE, ALWAYS_OPEN, TODAY)
    with pytest.raises(errors.BeyondHorizon) as refusal:
        check_dates(loan(101, 2), RULE, ALWAYS_OPEN, TODAY)
    assert refusal.value.latest_on == TODAY + 100 * DAY


def test_one_loan_below_the_limit_passes_and_at_the_limit_none() -> None:
    rule = LoanRule(max_open_loans=3)
    check_open_loans(2, rule)
    with pytest.raises(errors.TooManyOpenLoans):
        check_open_loans(3, rule)


@pytest.mark.parametrize(
    ("day", "years", "passes"),
    [
        (dt.date(2026, 9, 15), {2026}, True),
        (dt.date(2026, 11, 30), {2025}, True),
        (dt.date(2026, 12, 1), {2025}, False),
        (dt.date(2027, 6, 1), {2026}, True),
        (dt.date(2027, 9, 1), {2025}, False),
        (dt.date(2026, 9, 15), set(), False),
    ],
)
def test_c103_last_years_affiliation_counts_until_the_end_of_november(
    day: dt.date, years: set[int], passes: bool
) -> None:
    if passes:
        check_affiliation("École", years, day)
    else:
        with pytest.raises(errors.SchoolNotAffiliated):
            check_affiliation("École", years, day)


def test_without_any_rule_the_defaults_hold() -> None:
    assert resolve([], 37, "trunk") == DEFAULT_RULE


def test_the_most_specific_rule_that_says_something_wins() -> None:
    words = [
        RuleWords(said={"loan_days": 1, "lead_days": 1, "horizon_days": 1, "reminder_days": 1}),
        RuleWords(kind="trunk", said={"loan_days": 2, "lead_days": 2, "horizon_days": 2}),
        RuleWords(association_id=37, said={"loan_days": 3, "lead_days": 3}),
        RuleWords(association_id=37, kind="trunk", said={"loan_days": 4}),
        RuleWords(association_id=22, kind="trunk", said={"loan_days": 9, "lead_days": 9, "horizon_days": 9}),
        RuleWords(kind="game", said={"loan_days": 9, "lead_days": 9, "horizon_days": 9}),
    ]
    rule = resolve(words, 37, "trunk")
    assert (rule.loan_days, rule.lead_days, rule.horizon_days, rule.reminder_days) == (4, 3, 2, 1)
    assert rule.max_loan_days == DEFAULT_RULE.max_loan_days


def test_zero_is_said_and_not_left_open() -> None:
    assert (
        resolve(
            [RuleWords(said={"lead_days": 5}), RuleWords(association_id=37, said={"lead_days": 0})], 37, "game"
        ).lead_days
        == 0
    )


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_refusal_speaks_both_languages_and_names_its_facts(language: str) -> None:
    refusal: LendingError = errors.TooLong(max_loan_days=63, latest_due_on=dt.date(2027, 3, 1))
    with speaking(language):
        assert "63" in str(refusal)
        assert "2027" in str(refusal)
        assert "{" not in str(refusal)
