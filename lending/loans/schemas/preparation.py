"""What is fetched from the shelves for the next hand-overs."""

import datetime as dt

import msgspec


class Pick(msgspec.Struct, frozen=True, kw_only=True):
    """A copy to fetch: where it stands, and for whom. `is_ready`: its preparation began."""

    booking_id: int
    reference: str
    shelf: str
    shown_code: str
    title_name: str
    school_name: str
    starts_on: dt.date
    is_ready: bool
    note: str
