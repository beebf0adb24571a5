"""Photos, documents and logos that nothing refers to any more go away, once they are a day old.

A file comes before its row and goes after it: what was kept a moment ago may be about to be written down.
"""

import datetime as dt
from collections.abc import Callable, Mapping

from sqlalchemy import select
from sqlalchemy.orm import Session

from lending.catalog.media import MediaStore
from lending.catalog.photos.naming import FOLDER as PHOTOS
from lending.catalog.photos.naming import versions_of
from lending.catalog.photos.tables import Photo
from lending.catalog.sheets.names import FOLDER as DOCUMENTS
from lending.catalog.sheets.tables import DocumentDetail
from lending.catalog.tables import Document, Title
from lending.core.clock import Clock
from lending.core.database import Database

KEPT_FOR = dt.timedelta(days=1)
Used = Callable[[Session], set[str]]


class MediaSweep:
    """Removes files without a row. What was put into the store by hand, or by a demonstration, stays."""

    def __init__(self, db: Database, clock: Clock, media: MediaStore, others: Mapping[str, Used] | None = None) -> None:
        """`others` are the folders of other parts, each with what tells the names in use."""
        self._db = db
        self._clock = clock
        self._media = media
        self._others = others or {}

    def remove_unused(self) -> int:
        """Remove what nothing refers to; gives how many files went. Raises MediaUnavailable."""
        until = self._clock.now() - KEPT_FOR
        folders = (PHOTOS, DOCUMENTS, *self._others)
        old = [one.name for folder in folders for one in self._media.kept_in(folder) if one.saved_at < until]
        with self._db.read() as session:
            used = _used(session).union(*(told(session) for told in self._others.values()))
        unused = [name for name in old if name not in used]
        for name in unused:
            self._media.remove(name)
        return len(unused)


def _used(session: Session) -> set[str]:
    columns = (Photo.media_key, Title.picture, Document.media_key, DocumentDetail.preview_key)
    keys = {key for column in columns for key in session.scalars(select(column).distinct()) if key}
    return {name for key in keys for name in versions_of(key)}
