"""A phone's own camera opens the address of a code."""

from pathlib import Path

import pytest

from lending.core.database import Database
from lending.loans.rules.loan_codes import loan_code
from tests.kit.clock import FixedClock
from tests.kit.loans import create_world
from tests.kit.pages import browsing


@pytest.mark.parametrize("mark", ["E", "e"])
def test_the_label_of_a_copy_leads_to_its_title(tmp_path: Path, sqlite_url: str, clock: FixedClock, mark: str) -> None:
    world = create_world(Database(sqlite_url), clock)
    with browsing(tmp_path, sqlite_url, clock) as visitor:
        answer = visitor.client.get(f"/{mark}/{world.copies[0].code}", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/titles/{world.title.id}")
        visitor.get(f"/{mark}/0359999900", 400)
        visitor.get(f"/{mark}/INCONNU", 404)


@pytest.mark.parametrize("mark", ["L", "l"])
def test_the_paper_of_a_loan_leads_to_its_page(tmp_path: Path, sqlite_url: str, clock: FixedClock, mark: str) -> None:
    world = create_world(Database(sqlite_url), clock)
    booking = world.reserve(1, 5)
    with browsing(tmp_path, sqlite_url, clock) as visitor:
        visitor.sign_in(world.teacher)
        answer = visitor.client.get(f"/{mark}/{loan_code(booking.id)}", follow_redirects=False)
        assert (answer.status_code, answer.headers["location"]) == (303, f"/reservations/{booking.id}")
        visitor.get(f"/{mark}/{world.copies[0].code}", 404)
        visitor.get(f"/{mark}/99000000000100", 400)
