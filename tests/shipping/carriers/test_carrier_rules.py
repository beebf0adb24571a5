"""Postcodes, zones, addresses and prices: what holds for all of them."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lending.network.postcodes import FAR_OVERSEAS, NEAR_OVERSEAS, department_of
from lending.shipping.carriers.rules import (
    MOST_CENTS,
    MOST_GRAMS,
    MOST_PRICES,
    Address,
    AddressFault,
    BadPrice,
    Price,
    Quote,
    SamePriceTwice,
    TooManyPrices,
    Zone,
    check_prices,
    faults_of,
    quotes_of,
    zone_of,
)

POSTCODES = st.one_of(
    st.tuples(st.integers(1, 95), st.integers(0, 999)).map(lambda two: f"{two[0]:02d}{two[1]:03d}"),
    st.tuples(st.sampled_from(sorted(NEAR_OVERSEAS | FAR_OVERSEAS)), st.integers(0, 99)).map(
        lambda two: f"{two[0]}{two[1]:02d}"
    ),
)
PRICES = st.lists(
    st.builds(
        Price,
        st.sampled_from(["Anne", "Bertrand", "Colis Express"]),
        st.sampled_from(Zone),
        st.integers(1, MOST_GRAMS),
        st.integers(0, MOST_CENTS),
    ),
    max_size=30,
    unique_by=lambda one: (one.carrier, one.zone, one.up_to_grams),
)
WEIGHTS = st.lists(st.integers(1, MOST_GRAMS), min_size=1, max_size=5)
GOOD = Address("Dépôt", "1 rue des Écoles", "35000", "Rennes")


@pytest.mark.parametrize(
    ("postcode", "department"),
    [
        ("35000", "35"),
        ("01000", "01"),
        ("95880", "95"),
        ("20200", "20"),
        ("97400", "974"),
        ("97500", "975"),
        ("98800", "988"),
        ("98000", "980"),
        ("00100", None),
        ("96000", None),
        ("97900", None),
        ("98500", None),
        ("99000", None),
        ("3500", None),
        ("350000", None),
        ("35 00", None),
        ("2A004", None),
        ("٣٥٠٠٠", None),
        ("35000\n", None),
        ("", None),
    ],
)
def test_a_postcode_belongs_to_a_department_or_is_none(postcode: str, department: str | None) -> None:
    assert department_of(postcode) == department


@pytest.mark.parametrize(
    ("one", "other", "zone"),
    [
        ("35000", "35700", Zone.DEPARTMENT),
        ("97410", "97400", Zone.DEPARTMENT),
        ("35000", "22000", Zone.MAINLAND),
        ("98000", "06000", Zone.MAINLAND),
        ("20000", "13001", Zone.CORSICA),
        ("97110", "20000", Zone.OVERSEAS),
        ("97110", "97200", Zone.OVERSEAS),
        ("98800", "97400", Zone.FAR_OVERSEAS),
        ("98800", "98700", Zone.FAR_OVERSEAS),
        ("35000", "99999", None),
    ],
)
def test_the_zone_between_two_places(one: str, other: str, zone: Zone | None) -> None:
    assert zone_of(one, other) == zone


@given(POSTCODES, POSTCODES)
def test_the_way_back_is_as_far_and_every_french_postcode_has_a_zone(one: str, other: str) -> None:
    assert zone_of(one, other) == zone_of(other, one) is not None
    assert zone_of(one, one) == Zone.DEPARTMENT


@given(st.text(max_size=8))
def test_whatever_is_typed_as_a_postcode_is_answered(text: str) -> None:
    found = department_of(text)
    assert found is None or (len(text) == len("35000") and text.startswith(found))


@given(POSTCODES)
def test_an_address_lacks_exactly_what_was_taken_away(postcode: str) -> None:
    assert faults_of(replace(GOOD, postcode=postcode)) == []
    assert faults_of(replace(GOOD, name=" ")) == [AddressFault.NAME]
    assert faults_of(replace(GOOD, street="")) == [AddressFault.STREET]
    assert faults_of(replace(GOOD, postcode=f"{postcode}0")) == [AddressFault.POSTCODE]
    assert faults_of(replace(GOOD, commune="35000")) == [AddressFault.COMMUNE]
    assert faults_of(Address("", "", "", "")) == list(AddressFault)


@given(PRICES, st.sampled_from(Zone), WEIGHTS)
def test_a_quote_is_the_sum_of_the_first_steps_that_are_heavy_enough(
    prices: list[Price], zone: Zone, weights: list[int]
) -> None:
    quotes = quotes_of(prices, zone, weights)
    assert [one.cents for one in quotes] == sorted(one.cents for one in quotes)
    expected = {}
    for carrier in {one.carrier for one in prices}:
        steps = sorted((p.up_to_grams, p.cents) for p in prices if (p.carrier, p.zone) == (carrier, zone))
        if steps and max(weights) <= steps[-1][0]:
            expected[carrier] = sum(next(cents for most, cents in steps if grams <= most) for grams in weights)
    assert {one.carrier: one.cents for one in quotes} == expected


@given(PRICES, st.sampled_from(Zone), WEIGHTS)
def test_the_order_of_lines_and_of_parcels_changes_nothing(prices: list[Price], zone: Zone, weights: list[int]) -> None:
    assert quotes_of(prices[::-1], zone, weights[::-1]) == quotes_of(prices, zone, weights)
    assert quotes_of(prices, zone, []) == []


def test_a_parcel_at_the_step_is_in_and_one_gram_more_is_in_the_next() -> None:
    prices = [Price("A", Zone.MAINLAND, 5000, 900), Price("A", Zone.MAINLAND, 10_000, 1500)]
    assert quotes_of(prices, Zone.MAINLAND, [5000]) == [Quote("A", 900)]
    assert quotes_of(prices, Zone.MAINLAND, [5001, 5000]) == [Quote("A", 2400)]
    assert quotes_of(prices, Zone.MAINLAND, [10_001]) == []
    assert quotes_of(prices, Zone.CORSICA, [1]) == []


@given(PRICES)
def test_a_table_without_repetition_can_be_kept(prices: list[Price]) -> None:
    check_prices(prices)
    if prices:
        again = replace(prices[0], carrier=prices[0].carrier.upper(), cents=0)
        with pytest.raises(SamePriceTwice) as refused:
            check_prices([*prices, again])
        assert refused.value.line == len(prices) + 1


@pytest.mark.parametrize(
    "line",
    [
        Price(" ", Zone.MAINLAND, 1, 1),
        Price("x" * 61, Zone.MAINLAND, 1, 1),
        Price("A", Zone.MAINLAND, 0, 1),
        Price("A", Zone.MAINLAND, -5, 1),
        Price("A", Zone.MAINLAND, MOST_GRAMS + 1, 1),
        Price("A", Zone.MAINLAND, 1, -1),
        Price("A", Zone.MAINLAND, 1, MOST_CENTS + 1),
    ],
)
def test_a_line_that_cannot_be_is_named(line: Price) -> None:
    with pytest.raises(BadPrice) as refused:
        check_prices([Price("A", Zone.CORSICA, 1, 1), line])
    assert refused.value.beside() == "carrier-2"


def test_a_table_that_nobody_reads_is_refused() -> None:
    lines = [Price("A", Zone.MAINLAND, grams, 1) for grams in range(1, MOST_PRICES + 2)]
    check_prices(lines[:-1])
    with pytest.raises(TooManyPrices):
        check_prices(lines)
