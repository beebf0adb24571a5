"""Pictures and documents: files that never change under their name, so that browsers may keep them for ever.

The name is made from the content, never from what a client called it. Names that come in from addresses are
checked before they touch the disk.
"""

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Protocol

import msgspec

from lending.catalog.errors import UnknownMedia, UnsupportedMedia

MEDIA_TYPES: Mapping[str, str] = {
    ".avif": "image/avif",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
SEGMENT = r"[A-Za-z0-9_][A-Za-z0-9_-]*"
SAFE_NAME = re.compile(rf"(?:{SEGMENT}/){{0,2}}{SEGMENT}(?:\.{SEGMENT}){{0,2}}\.[a-z0-9]{{3,4}}")
LONGEST_NAME = 120
IMMUTABLE = "public, max-age=31536000, immutable"


class MediaFile(msgspec.Struct, frozen=True):
    """A file as it is served."""

    name: str
    media_type: str
    content: bytes


class MediaStore(Protocol):
    """Where pictures and documents are kept."""

    def open(self, name: str) -> MediaFile:
        """The file of this name. Raises UnknownMedia, for a name that may not be too."""
        ...

    def save(self, content: bytes, media_type: str) -> str:
        """Keep a file and give its name; the same content has the same name. Raises UnsupportedMedia."""
        ...


class MediaFolder:
    """Media in a folder of this machine."""

    def __init__(self, folder: Path) -> None:
        """`folder` is made when the first file is kept."""
        self._folder = folder

    def open(self, name: str) -> MediaFile:
        """The file of this name. Raises UnknownMedia."""
        path = self._path(name)
        if not path.is_file():
            raise UnknownMedia
        return MediaFile(name, media_type_of(name), path.read_bytes())

    def save(self, content: bytes, media_type: str) -> str:
        """Keep a file under a name made from its content. Raises UnsupportedMedia."""
        name = name_for(content, media_type)
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            # Written beside and then renamed: nobody ever reads half a file.
            part = path.with_suffix(".part")
            part.write_bytes(content)
            part.replace(path)
        return name

    def _path(self, name: str) -> Path:
        check_name(name)
        root = self._folder.resolve()
        path = (root / name).resolve()
        # A link in the folder could still lead out of it.
        if not path.is_relative_to(root):
            raise UnknownMedia
        return path


def check_name(name: str) -> None:
    """Raise UnknownMedia for anything but a plain relative name of a known type."""
    if len(name) > LONGEST_NAME or not SAFE_NAME.fullmatch(name):
        raise UnknownMedia
    if Path(name).suffix not in MEDIA_TYPES:
        raise UnknownMedia


def media_type_of(name: str) -> str:
    """The content type that a checked name stands for."""
    return MEDIA_TYPES[Path(name).suffix]


def name_for(content: bytes, media_type: str) -> str:
    """A name made from the content. Raises UnsupportedMedia."""
    for suffix, known in MEDIA_TYPES.items():
        if known == media_type:
            return hashlib.sha256(content).hexdigest()[:32] + suffix
    raise UnsupportedMedia(media_type=media_type)


def media_url(name: str) -> str:
    """Where browsers find a file."""
    return f"/media/{name}"


def open_media_store(folder: Path) -> MediaStore:
    """The store that the settings name."""
    return MediaFolder(folder)
