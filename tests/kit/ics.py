"""A reader of calendar files of our own, so that what we write is not judged by the library that wrote it."""

import re
from dataclasses import dataclass, field


@dataclass
class IcsEvent:
    """Properties by name, without their parameters."""

    values: dict[str, str] = field(default_factory=dict)


def read_ics(content: bytes) -> tuple[str, list[IcsEvent]]:
    """The method and the events. Lines are at most 75 bytes, end in CRLF and are folded as RFC 5545 says."""
    text = content.decode()
    assert text.endswith("\r\n")
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    lines = re.sub(r"\r\n[ \t]", "", text).rstrip("\r\n").split("\r\n")
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    method, events, is_inside = "", [], False
    for line in lines[1:-1]:
        name, _, value = line.partition(":")
        match name.partition(";")[0], value:
            case "BEGIN", "VEVENT":
                events.append(IcsEvent())
                is_inside = True
            case "END", "VEVENT":
                is_inside = False
            case "METHOD", _:
                method = value
            case property_, _ if is_inside:
                assert property_ not in events[-1].values
                events[-1].values[property_] = value
    return method, events
