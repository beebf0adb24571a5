"""Photos over the small network of the catalogue."""

import pytest

from lending.catalog.media import MediaFolder
from lending.catalog.photos.service import Photos
from lending.catalog.sweeping import MediaSweep
from lending.core.database import Database
from tests.kit.clock import FixedClock


@pytest.fixture
def photos(database: Database, clock: FixedClock, media: MediaFolder) -> Photos:
    return Photos(database, clock, media)


@pytest.fixture
def sweep(database: Database, clock: FixedClock, media: MediaFolder) -> MediaSweep:
    return MediaSweep(database, clock, media)
