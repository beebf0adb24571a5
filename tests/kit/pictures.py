"""Photos as people send them, and files that only call themselves so."""

import io
import random
import struct
import zlib

from PIL import Image, ImageDraw

ORIENTATION, DESCRIPTION, GPS, LATITUDE = 0x0112, 0x010E, 0x8825, 2


def painted(width: int = 400, height: int = 300, seed: int = 1) -> Image.Image:
    """A picture that differs by its seed: a red corner at the top left, coloured discs."""
    chance = random.Random(seed)
    picture = Image.new("RGB", (width, height), (chance.randrange(256), 200, 120))
    draw = ImageDraw.Draw(picture)
    for _ in range(20):
        x, y, size = chance.randrange(width), chance.randrange(height), chance.randrange(5, 60)
        colour = (chance.randrange(256), chance.randrange(256), chance.randrange(256))
        draw.ellipse((x, y, x + size, y + size), fill=colour)
    draw.rectangle((0, 0, width // 5, height // 5), fill="red")
    return picture


def encoded(picture: Image.Image, kind: str = "JPEG", **options: object) -> bytes:
    """The picture as a file."""
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def photo(width: int = 400, height: int = 300, kind: str = "JPEG", seed: int = 1) -> bytes:
    """A photo."""
    return encoded(painted(width, height, seed), kind)


def phone_photo() -> bytes:
    """Held upright, with the place and a comment in its metadata."""
    exif = Image.Exif()
    exif[ORIENTATION], exif[DESCRIPTION] = 6, "secret comment"
    exif.get_ifd(GPS)[LATITUDE] = (48.0, 6.0, 41.0)
    return encoded(painted(800, 600), "JPEG", exif=exif, comment=b"secret comment")


def moving(kind: str = "WEBP") -> bytes:
    """Two frames; the first begins with a red corner."""
    return encoded(painted(), kind, save_all=True, append_images=[painted(seed=2)], duration=100)


def png_of(width: int, height: int) -> bytes:
    """A PNG that claims a size and holds nothing of it: a few bytes that would fill the memory."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    return b"\x89PNG\r\n\x1a\n" + body
