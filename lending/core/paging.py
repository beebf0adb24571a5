"""Keyset paging: a cursor names the last row seen, so that pages neither skip nor repeat when rows come and go."""

import base64
import binascii
from dataclasses import dataclass
from typing import ClassVar, Generic, TypeVar

import msgspec

from lending.core.errors import Invalid
from lending.core.i18n import N_

T = TypeVar("T")
MAX_PAGE_SIZE = 100


@dataclass(eq=False)
class BadCursor(Invalid):
    """The cursor was not made by this service."""

    slug: ClassVar[str] = "bad-cursor"
    title: ClassVar[str] = N_("Curseur inconnu")
    detail: ClassVar[str] = N_("Le curseur de page n’est pas valable ; reprenez la liste au début.")
    field: ClassVar[str | None] = "cursor"


class Page(msgspec.Struct, Generic[T], frozen=True):
    """Some items and, where more follow, the cursor that leads to them."""

    items: list[T]
    next_cursor: str | None = None


class Cursor(msgspec.Struct, frozen=True, array_like=True):
    """The sort key (ISO text) and the id of the last row seen."""

    key: str
    id: int


def encode_cursor(cursor: Cursor) -> str:
    """An opaque text for the next request."""
    return base64.urlsafe_b64encode(msgspec.json.encode(cursor)).decode().rstrip("=")


def decode_cursor(text: str) -> Cursor:
    """Raises BadCursor for anything that `encode_cursor` did not make."""
    try:
        return msgspec.json.decode(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)), type=Cursor)
    except (binascii.Error, msgspec.MsgspecError, ValueError) as error:
        raise BadCursor from error
