"""A world of lending on each kind of database."""

import pytest

from lending.core.database import Database
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world


@pytest.fixture
def world(database: Database, clock: FixedClock) -> World:
    return create_world(database, clock)


@pytest.fixture
def small_world(sqlite_url: str, clock: FixedClock) -> World:
    """On SQLite only: for what does not depend on the database."""
    return create_world(Database(sqlite_url), clock)
