"""JSON: what the export wrote, or a list of objects whose members are called as columns are."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any

import msgspec

from lending.catalog.imports.columns import BY_CODE, HEADINGS, plain
from lending.catalog.imports.errors import MOST_ROWS, UnreadableFile
from lending.catalog.imports.readers.text import decoded
from lending.catalog.imports.sheet import Row, Sheet
from lending.core.i18n import N_, gettext

Object = dict[str, Any]
COPY_CODES = ("code", "other_codes", "depot", "shelf", "condition", "count")


def read_json(content: bytes) -> Sheet:
    """A row for each copy, and one for each title without. Raises UnreadableFile, NulBytesInFile."""
    headings = list(BY_CODE)
    rows = [
        Row(line, [_text(one.get(code)) for code in headings])
        for line, one in enumerate(islice(_flat(_objects(content)), MOST_ROWS + 1), start=1)
    ]
    return Sheet("json", headings, rows)


def _objects(content: bytes) -> list[Object]:
    text = decoded(content)
    try:
        found = msgspec.json.decode(text)
        titles = found["titles"] if isinstance(found, dict) else found
        return [_renamed(one) for one in msgspec.convert(titles, list[Object])]
    except (msgspec.DecodeError, KeyError, RecursionError) as error:
        reason = gettext(N_("on attend une liste « titles » d’objets"))
        raise UnreadableFile(format="JSON", line=_line_of(error, text), reason=reason) from error


def _renamed(one: Object) -> Object:
    """The object with our names for its members: what is called exactly so wins."""
    known = {HEADINGS[plain(name)]: fact for name, fact in reversed(one.items()) if plain(name) in HEADINGS}
    return one | known | {name: fact for name, fact in one.items() if name in BY_CODE}


def _line_of(error: Exception, text: str) -> int:
    place = str(error).rpartition("byte ")[2].rstrip(")")
    return text.encode()[: int(place)].count(b"\n") + 1 if place.isdecimal() else 1


def _flat(titles: list[Object]) -> Iterator[Mapping[str, Any]]:
    for title in titles:
        copies = title.get("copies")
        if isinstance(copies, list) and copies:
            for copy in copies:
                own = copy if isinstance(copy, dict) else {}
                yield title | {code: own.get(code) for code in COPY_CODES}
        else:
            yield title


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "oui" if value else "non"
        case list():
            return " | ".join(_text(one) for one in value)
        case dict():
            return msgspec.json.encode(value).decode()
        case _:
            return str(value).replace("\0", "")
