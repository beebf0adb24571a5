"""Codes in a picture from a camera: for browsers that cannot read codes themselves."""

import io
import threading
import warnings

import zxingcpp
from PIL import Image, UnidentifiedImageError

from lending.catalog.printing.errors import UnreadableFrame

MOST_FRAME_BYTES = 1_000_000
MOST_PIXELS = 4_000_000
FORMATS = zxingcpp.barcode_formats_from_str("Code128,EAN13,QRCode")
# A frame takes some ten milliseconds of a processor: desks with a camera take turns, the others are served meanwhile.
AT_ONCE = threading.BoundedSemaphore(2)


def codes_in(content: bytes) -> list[str]:
    """The texts of the Code 128, EAN-13 and QR codes in a JPEG. Raises UnreadableFrame."""
    if not content or len(content) > MOST_FRAME_BYTES:
        raise UnreadableFrame(most_bytes=MOST_FRAME_BYTES, most_pixels=MOST_PIXELS)
    with AT_ONCE:
        return [found.text for found in zxingcpp.read_barcodes(_picture(content), formats=FORMATS) if found.text]


def _picture(content: bytes) -> Image.Image:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            picture = Image.open(io.BytesIO(content), formats=("JPEG",))
            if picture.width * picture.height > MOST_PIXELS:
                raise UnreadableFrame(most_bytes=MOST_FRAME_BYTES, most_pixels=MOST_PIXELS)
            return picture.convert("L")
    except (OSError, ValueError, SyntaxError, UnidentifiedImageError, Image.DecompressionBombWarning) as error:
        raise UnreadableFrame(most_bytes=MOST_FRAME_BYTES, most_pixels=MOST_PIXELS) from error
