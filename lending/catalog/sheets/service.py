"""Documents of titles, and the sheets that go with them."""

from lending.catalog.media import MediaStore
from lending.core.clock import Clock
from lending.core.database import Database


class Sheets:
    """Documents of titles."""

    def __init__(self, db: Database, clock: Clock, media: MediaStore) -> None:
        """Takes the database, the source of now and the store of documents."""
        self._db = db
        self._clock = clock
        self._media = media
