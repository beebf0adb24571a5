"""Calendar files (iCalendar, RFC 5545): whole days that anybody's calendar can show."""

import datetime as dt
from collections.abc import Sequence

import msgspec
from icalendar import Calendar, Event

MEDIA_TYPE = "text/calendar"
PRODUCT = "-//La Malle commune//FR"


class CalendarEntry(msgspec.Struct, frozen=True, kw_only=True):
    """Local days `[starts_on, ends_on)`. The same `uid` with a higher `sequence` replaces what was sent before."""

    uid: str
    sequence: int
    starts_on: dt.date
    ends_on: dt.date
    summary: str
    description: str
    location: str
    url: str
    changed_at: dt.datetime
    is_cancelled: bool = False


def calendar_file(name: str, entries: Sequence[CalendarEntry]) -> bytes:
    """The entries as one file; readers show `name` as the calendar's."""
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("x-wr-calname", name)
    for entry in entries:
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def _event(entry: CalendarEntry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at)
    event.add("dtstart", entry.starts_on)
    event.add("dtend", entry.ends_on)
    event.add("summary", entry.summary)
    event.add("description", entry.description)
    event.add("location", entry.location)
    event.add("url", entry.url)
    # A day with something to fetch is not a day without time.
    event.add("transp", "TRANSPARENT")
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    return event
