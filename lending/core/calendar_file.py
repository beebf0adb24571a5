"""Calendar files (iCalendar, RFC 5545): whole days, or hours of one, that anybody's calendar can show."""

import datetime as dt
from collections.abc import Sequence

import msgspec
from icalendar import Calendar, Event

MEDIA_TYPE = "text/calendar"
PUBLISH, CANCEL = "PUBLISH", "CANCEL"
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
    # From when to when, where not the whole of `starts_on` is meant.
    instants: tuple[dt.datetime, dt.datetime] | None = None


def calendar_file(name: str, entries: Sequence[CalendarEntry]) -> bytes:
    """The entries as one file; readers show `name` as the calendar's."""
    calendar = _calendar()
    calendar.add("x-wr-calname", name)
    for entry in entries:
        calendar.add_component(_event(entry))
    return bytes(calendar.to_ical())


def invitation(entries: Sequence[CalendarEntry], organizer: str) -> tuple[bytes, str]:
    """The entries for a mail, and the method (RFC 5546): what `PUBLISH` brought, `CANCEL` takes away.

    `organizer` is an address; a calendar believes later versions only from the same one.
    """
    method = CANCEL if all(entry.is_cancelled for entry in entries) else PUBLISH
    calendar = _calendar()
    calendar.add("method", method)
    for entry in entries:
        event = _event(entry)
        event.add("organizer", f"mailto:{organizer}")
        calendar.add_component(event)
    return bytes(calendar.to_ical()), method


def _calendar() -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", PRODUCT)
    calendar.add("version", "2.0")
    return calendar


def _event(entry: CalendarEntry) -> Event:
    event = Event()
    event.add("uid", entry.uid)
    event.add("sequence", entry.sequence)
    event.add("dtstamp", entry.changed_at)
    starts, ends = entry.instants or (entry.starts_on, entry.ends_on)
    event.add("dtstart", starts)
    event.add("dtend", ends)
    event.add("summary", entry.summary)
    event.add("description", entry.description)
    event.add("location", entry.location)
    event.add("url", entry.url)
    # A day with something to fetch is not a day without time.
    event.add("transp", "TRANSPARENT")
    event.add("status", "CANCELLED" if entry.is_cancelled else "CONFIRMED")
    return event
