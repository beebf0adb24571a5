"""What is told of photos."""

import msgspec


class PhotoView(msgspec.Struct, frozen=True, kw_only=True):
    """A photo of a title or of a line of contents.

    `url` is a JPEG for whoever takes one only; `srcset_webp` and `srcset_jpeg` name all sizes as HTML does, width and
    height are in pixels. `placeholder` is a data: URI of a few bytes, to be stretched until the photo is there.
    """

    id: int
    title_id: int | None
    line_id: int | None
    caption: str
    url: str
    width: int
    height: int
    srcset_webp: str
    srcset_jpeg: str
    placeholder: str


class PhotoEdit(msgspec.Struct, frozen=True):
    """A new caption: what the photo shows, for who cannot see it."""

    caption: str


class PhotoOrder(msgspec.Struct, frozen=True):
    """Every photo of the title, the first is its picture."""

    photo_ids: list[int]
