"""Photos are drawn anew: what comes out is a picture and nothing else, whatever came in.

Orientation is applied, colours are brought to sRGB, metadata stay behind. Of a moving picture the first frame is kept.
Pillow opens four formats and no other: the others have readers with a history.
"""

import io
import threading
import warnings
from collections.abc import Mapping
from dataclasses import dataclass

from PIL import Image, ImageCms, UnidentifiedImageError

from lending.catalog.media import digest
from lending.catalog.photos.errors import (
    MOST_PHOTO_BYTES,
    MOST_PIXELS,
    BrokenPhoto,
    EmptyPhoto,
    NotAPhoto,
    PhotoTooLarge,
    TooManyPixels,
    TruncatedPhoto,
    UnsupportedPhoto,
)
from lending.catalog.photos.naming import BOXES, SIDE, boxes_of, fitted, folder_of, main_name
from lending.core.errors import LendingError

OPENED = ("JPEG", "PNG", "WEBP", "AVIF")
# More effort takes twice the time for files that are no smaller.
WEBP_QUALITY, WEBP_EFFORT, JPEG_QUALITY = 78, 1, 80
# A photo of the largest size takes about 250 MB while it is drawn.
AT_ONCE = threading.BoundedSemaphore(2)
ORIENTATION = 0x0112
TURNS: Mapping[int, Image.Transpose] = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
# What people try, by how it begins: to be told by name.
REFUSED: tuple[tuple[bytes, str], ...] = (
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\0", "TIFF"),
    (b"MM\0*", "TIFF"),
    (b"%!PS", "EPS"),
    (b"\xc5\xd0\xd3\xc6", "EPS"),
    (b"%PDF", "PDF"),
)
HEIC_BRANDS = (b"heic", b"heix", b"hevc", b"mif1", b"msf1")
BEGINNING = 1_000

Image.MAX_IMAGE_PIXELS = MOST_PIXELS
warnings.simplefilter("error", Image.DecompressionBombWarning)


@dataclass(frozen=True)
class Drawn:
    """A photo drawn anew: its main name, and the content of each version by name."""

    name: str
    size: tuple[int, int]
    versions: Mapping[str, bytes]


def draw_anew(content: bytes) -> Drawn:
    """All versions of an uploaded photo.

    Raises EmptyPhoto, PhotoTooLarge, NotAPhoto, UnsupportedPhoto, TooManyPixels, TruncatedPhoto, BrokenPhoto.
    """
    if not content:
        raise EmptyPhoto
    if len(content) > MOST_PHOTO_BYTES:
        raise PhotoTooLarge
    with AT_ONCE:
        return versions_of_picture(opened(content))


def opened(content: bytes) -> Image.Image:
    """The picture in a file: upright, opaque, in sRGB, fitting the largest version. Raises as `draw_anew`."""
    try:
        return _upright(_open(content))
    except LendingError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise TooManyPixels from error
    except UnidentifiedImageError as error:
        raise _unknown(content) from error
    except Exception as error:
        # The readers raise whatever their parsers stumble over: struct.error, SyntaxError, EOFError, MemoryError…
        raise (TruncatedPhoto() if "truncated" in str(error).lower() else BrokenPhoto()) from error


def versions_of_picture(picture: Image.Image) -> Drawn:
    """Every version of an opaque picture, named by its largest one."""
    largest = picture.size
    versions = {}
    for box in reversed(boxes_of(*largest)):
        picture = _smaller(picture, fitted(*largest, box))
        versions[box] = _encoded(picture)
    folder = folder_of(digest(versions[boxes_of(*largest)[-1]]["webp"]), largest, _colours(picture))
    named = {f"{folder}/{box}.{kind}": file for box, files in versions.items() for kind, file in files.items()}
    return Drawn(main_name(folder, largest), largest, named)


def _open(content: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(content), formats=OPENED)
    if picture.width * picture.height > MOST_PIXELS:
        raise TooManyPixels
    # JPEG can be read at half, a quarter or an eighth of its size, several times faster.
    picture.draft("RGB", fitted(*picture.size, BOXES[-1]))
    picture.load()
    return picture


def _upright(picture: Image.Image) -> Image.Image:
    profile, turn = picture.info.get("icc_profile"), TURNS.get(_orientation(picture))
    drawn = _in_srgb(_smaller(_opaque(picture), fitted(*picture.size, BOXES[-1])), profile)
    return drawn.transpose(turn) if turn is not None else drawn


def _orientation(picture: Image.Image) -> int:
    try:
        return int(picture.getexif().get(ORIENTATION, 1))
    except Exception:  # noqa: BLE001 - damaged metadata must not cost the picture; they are thrown away anyway
        return 1


def _opaque(picture: Image.Image) -> Image.Image:
    """Without transparency: on white, as on paper."""
    if picture.mode.startswith("I"):
        picture = picture.convert("I").point(lambda level: level / 256).convert("L")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    layer = picture.convert("RGBA")
    paper = Image.new("RGBA", layer.size, "white")
    return Image.alpha_composite(paper, layer).convert("RGB")


def _in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    """The profile stays behind, so the colours are converted first. What cannot be converted is left as it is."""
    if not profile:
        return picture
    try:
        given = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        converted = ImageCms.profileToProfile(picture, given, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError, ValueError, TypeError):
        return picture
    return converted or picture


def _smaller(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    return picture if picture.size == size else picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _encoded(picture: Image.Image) -> dict[str, bytes]:
    """Both formats. A fresh picture carries pixels only: no metadata can follow."""
    bare = Image.frombytes("RGB", picture.size, picture.tobytes())
    webp, jpeg = io.BytesIO(), io.BytesIO()
    bare.save(webp, "WEBP", quality=WEBP_QUALITY, method=WEBP_EFFORT)
    bare.save(jpeg, "JPEG", quality=JPEG_QUALITY)
    return {"webp": webp.getvalue(), "jpg": jpeg.getvalue()}


def _colours(picture: Image.Image) -> str:
    tiny = picture.resize((SIDE, SIDE), Image.Resampling.BOX)
    return "".join(f"{level // 17:x}" for level in tiny.tobytes())


def _unknown(content: bytes) -> LendingError:
    beginning = content[:BEGINNING].lstrip(b"\xef\xbb\xbf \t\r\n")
    for start, name in REFUSED:
        if beginning.startswith(start):
            return UnsupportedPhoto(format=name)
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        return UnsupportedPhoto(format="HEIC")
    if beginning[:5].lower() in (b"<?xml", b"<svg ", b"<svg>", b"<!doc") and b"<svg" in beginning.lower():
        return UnsupportedPhoto(format="SVG")
    return NotAPhoto()
