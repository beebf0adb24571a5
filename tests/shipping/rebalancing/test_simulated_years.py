"""Simulated school years: copies are neither made nor lost, and our plan beats the naive rule at no more km."""

import json
from pathlib import Path
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from click.testing import CliRunner

from lending.cli import main
from lending.shipping.rebalancing.rules.serving import refused_share
from lending.shipping.rebalancing.simulating.comparing import EQUAL, FLOAT, NOTHING, PLAN, WAYS, years
from lending.shipping.rebalancing.simulating.network import DENSE, SEASON, THIN, Density, MadeUpRegion, made_up_region
from lending.shipping.rebalancing.simulating.picture import Bars, picture
from lending.shipping.rebalancing.simulating.ways import equalised, noted_demand, planned
from lending.shipping.rebalancing.simulating.year import LOAN_DAYS, Requests, made_up_requests, year

KM = np.array([[0.0, 80.0, 30.0], [80.0, 0.0, 50.0], [30.0, 50.0, 0.0]])


def asked(*wishes: tuple[float, int]) -> Requests:
    """Requests for the only title: day and place of each, in the order of days."""
    day, place = zip(*wishes, strict=True)
    return Requests(np.zeros(len(day), np.int64), np.array(day), np.array(place))


def region(seed: int, density: Density = DENSE, titles: int = 60) -> MadeUpRegion:
    chance = np.random.default_rng(seed)
    wanted = chance.lognormal(-0.5, 1.0, titles) * density.requests
    return made_up_region(5, wanted, density.copies, chance)


def test_who_comes_while_the_only_copy_is_away_goes_without() -> None:
    requests = asked((1.0, 0), (1.0 + LOAN_DAYS - 1, 0), (1.0 + LOAN_DAYS, 0), (60.0, 1))
    outcome = year(np.array([[1, 0, 0]]), KM, requests)
    assert outcome.requests[0].sum(axis=1).tolist() == [3, 1, 0]
    assert outcome.served[0].sum(axis=1).tolist() == [2, 0, 0]
    assert (outcome.moves, outcome.km, outcome.busy_days) == (0, 0.0, 2 * LOAN_DAYS)


def test_a_copy_that_floats_comes_from_the_nearest_place_and_stays() -> None:
    requests = asked((1.0, 0), (2.0, 0), (60.0, 0), (120.0, 1))
    outcome = year(np.array([[0, 1, 1]]), KM, requests, floats=True)
    assert outcome.served[0].sum(axis=1).tolist() == [3, 1, 0]
    assert (outcome.moves, outcome.km) == (3, 30.0 + 80.0 + 80.0)


def test_the_year_serves_what_the_loss_formula_expects() -> None:
    copies, load, titles = 2, 1.2, 4000
    # The load of a mean period; each period's own is as much larger or smaller as its season.
    even = np.full((titles, 1), load / LOAN_DAYS * 50.0 / SEASON.mean())
    place = MadeUpRegion(even, np.full((titles, 1), copies), np.zeros((1, 1)), np.ones(1))
    outcome = year(place.held, place.km, made_up_requests(place, np.random.default_rng(5)))
    middle = outcome.served[:, 0, 2].sum() / outcome.requests[:, 0, 2].sum()
    assert middle == pytest.approx(1 - refused_share(copies, load * SEASON[2] / SEASON.mean()), abs=0.03)


@pytest.mark.parametrize("density", [THIN, DENSE])
def test_equal_counts_are_equal_and_no_way_makes_or_loses_a_copy(density: Density) -> None:
    given = region(3, density)
    demand = noted_demand(given, np.random.default_rng(4))
    equal = equalised(given)
    assert (equal.held.max(axis=1) - equal.held.min(axis=1) <= 1).all()
    near = planned(given, demand, most_km=equal.km)
    for placed in (equal, near, planned(given, demand), planned(given, demand, fairness_percent=100)):
        assert (placed.held >= 0).all()
        assert (placed.held.sum(axis=1) == given.held.sum(axis=1)).all()
    # A cent more than the budget is forgiven, and a cent is worth 30 metres.
    assert near.km <= equal.km + 0.1


def test_at_no_more_km_our_plan_serves_a_tenth_more_of_what_was_unmet() -> None:
    naive, ours = 0.0, 0.0
    for seed in range(4):
        given, chance = region(seed), np.random.default_rng(100 + seed)
        demand, requests = noted_demand(given, chance), made_up_requests(given, chance)
        before = year(given.held, given.km, requests).served.sum()
        equal = equalised(given)
        naive += year(equal.held, given.km, requests).served.sum() - before
        ours += year(planned(given, demand, most_km=equal.km).held, given.km, requests).served.sum() - before
    assert naive > 0
    assert ours >= 1.1 * naive


def test_a_seed_gives_the_same_year_and_another_one_another() -> None:
    one, again, other = (next(years(5, DENSE, seed, 1)) for seed in (1, 1, 2))
    assert one == again
    assert one != other
    assert {tally.requests for tally in one.values()} == {one[NOTHING].requests}
    assert (one[NOTHING].moves, one[NOTHING].km) == (0, 0.0)
    assert one[FLOAT].served >= one[NOTHING].served
    assert one[EQUAL].km > one[PLAN].km
    assert all(0 <= tally.worst_tenth <= tally.served / tally.requests for tally in one.values())


def test_the_picture_says_its_numbers_without_colour() -> None:
    drawn = picture([("<10> titles & more", [Bars("no moves", 0, 0.0), Bars("plan", 1234, 5678.0)])])
    texts = [one.text for one in ET.fromstring(drawn).iter("{http://www.w3.org/2000/svg}text")]  # noqa: S314 - ours
    assert "<10> titles & more" in texts
    assert "1,234 requests" in texts
    assert "5,678 km" in texts


def test_the_command_prints_a_table_and_saves_a_picture(tmp_path: Path) -> None:
    saved = tmp_path / "new" / "years.svg"
    said = CliRunner().invoke(main, ["simulate", "--rebalancing", "--size=10", "--years=1", f"--output={saved}"])
    assert said.exit_code == 0, said.output
    figures = json.loads(said.stdout.splitlines()[-1])["figures"]
    assert {one["part"].partition(",")[0] for one in figures} == {"10 titles", "1 titles"}
    served = next(one for one in figures if one["name"] == "requests served")
    assert set(served["values"]) == set(WAYS)
    assert all(0 <= value <= 100 for value in served["values"].values())
    assert all(way in saved.read_text() for way in WAYS)


def test_the_measurement_of_plans_says_how_near_each_region_comes_to_its_bound() -> None:
    said = CliRunner().invoke(main, ["bench", "rebalancing", "--size=40"])
    assert said.exit_code == 0, said.output
    figures = json.loads(said.stdout.splitlines()[-1])["figures"]
    shares = [one for one in figures if one["name"] == "of the bound"]
    assert len(shares) == 2
    assert all(0 < one["values"]["worst region"] <= 100 for one in shares)
    assert all(one["goal"] == {"at least": 99.0} for one in shares)


def test_a_simulation_says_what_it_needs() -> None:
    said = CliRunner().invoke(main, ["simulate"])
    assert said.exit_code == 2
    assert "--rebalancing" in said.output
