"""The one way to open a shelf: settled, and with what is free offered to those who wait."""

import datetime as dt

from sqlalchemy.orm import Session

from lending.catalog.tables import Title
from lending.loans.service.shelf import Shelf
from lending.loans.service.waiting import serve_waiting


def open_shelf(session: Session, title: Title, depot_id: int, now: dt.datetime) -> Shelf:
    """The shelf of a locked title in a depot. Whoever asks finds those served who asked earlier."""
    shelf = Shelf(session, title, depot_id, now)
    serve_waiting(shelf)
    return shelf
