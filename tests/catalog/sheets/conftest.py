"""Documents over the small network of the catalogue."""

import pytest

from lending.catalog.media import MediaFolder
from lending.catalog.sheets.service import Sheets
from lending.core.database import Database
from tests.kit.clock import FixedClock


@pytest.fixture
def sheets(database: Database, clock: FixedClock, media: MediaFolder) -> Sheets:
    return Sheets(database, clock, media)
