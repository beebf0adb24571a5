"""What the name of a photo tells: its versions, their sizes, and a blurred idea of it, without asking the database.

A name is `photos/<digest>-<width>x<height>-<nine colours>/<box>.<webp|jpg>`. Width and height are those of the largest
version; each version fits into a square of `box` pixels.
"""

import base64
import re
import struct
import zlib
from functools import lru_cache

import msgspec

from lending.catalog.media import media_url

FOLDER = "photos"
BOXES = (320, 960, 1920)
MAIN_BOX = 960
FORMATS = ("webp", "jpg")
NAME = re.compile(rf"{FOLDER}/[0-9a-f]{{32}}-(\d{{1,4}})x(\d{{1,4}})-([0-9a-f]{{27}})/(\d{{1,4}})\.(?:webp|jpg)")
SIDE = 3


class ShownPhoto(msgspec.Struct, frozen=True, kw_only=True):
    """What a page needs to show a photo. `placeholder` is a data: URI of a few bytes, to be stretched."""

    url: str
    width: int
    height: int
    srcset_webp: str
    srcset_jpeg: str
    placeholder: str


def fitted(width: int, height: int, box: int) -> tuple[int, int]:
    """The size of a picture that was made to fit into a square, never larger than it was."""
    longest = max(width, height)
    if longest <= box:
        return width, height
    return max(1, round(width * box / longest)), max(1, round(height * box / longest))


def boxes_of(width: int, height: int) -> tuple[int, ...]:
    """The squares that versions are made for: none is larger than the picture needs."""
    longest = max(width, height)
    smaller = [box for box in BOXES if box < longest]
    return tuple(BOXES[: min(len(smaller) + 1, len(BOXES))])


def folder_of(digest: str, size: tuple[int, int], colours: str) -> str:
    """The folder that all versions of a photo share."""
    return f"{FOLDER}/{digest}-{size[0]}x{size[1]}-{colours}"


def main_name(folder: str, size: tuple[int, int]) -> str:
    """The version that stands for the photo where only one can be given."""
    return f"{folder}/{min(MAIN_BOX, boxes_of(*size)[-1])}.jpg"


def folder_in(name: str) -> str:
    """The folder in a photo's name."""
    return name.rpartition("/")[0]


def versions_of(name: str) -> list[str]:
    """The names of every version of a photo; of anything else, the name alone."""
    found = NAME.fullmatch(name)
    if found is None:
        return [name]
    return [
        f"{folder_in(name)}/{box}.{format_}" for box in boxes_of(int(found[1]), int(found[2])) for format_ in FORMATS
    ]


@lru_cache(maxsize=2_000)
def shown_photo(name: str) -> ShownPhoto | None:
    """How to show the photo of this name; None for a picture that has one version only."""
    found = NAME.fullmatch(name)
    if found is None:
        return None
    width, height, folder = int(found[1]), int(found[2]), media_url(folder_in(name))
    shown_width, shown_height = fitted(width, height, int(found[4]))

    def srcset(format_: str) -> str:
        sizes = {box: fitted(width, height, box)[0] for box in boxes_of(width, height)}
        return ", ".join(f"{folder}/{box}.{format_} {wide}w" for box, wide in sizes.items())

    return ShownPhoto(
        url=media_url(name),
        width=shown_width,
        height=shown_height,
        srcset_webp=srcset("webp"),
        srcset_jpeg=srcset("jpg"),
        placeholder=placeholder(found[3]),
    )


def placeholder(colours: str) -> str:
    """Nine colours of three hexadecimal digits each, as a picture of three by three pixels."""
    levels = bytes(int(digit, 16) * 17 for digit in colours)
    rows = b"".join(b"\0" + levels[start : start + 3 * SIDE] for start in range(0, len(levels), 3 * SIDE))
    header = struct.pack(">IIBBBBB", SIDE, SIDE, 8, 2, 0, 0, 0)
    parts = _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(rows, 9)) + _chunk(b"IEND", b"")
    return "data:image/png;base64," + base64.b64encode(b"\x89PNG\r\n\x1a\n" + parts).decode()


def _chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
