"""Pictures and documents: files that never change under their name, so that browsers may keep them for ever.

The name is made from the content, never from what a client called it. Names that come in from addresses are
checked before they touch the disk or the bucket.
"""

import contextlib
import datetime as dt
import hashlib
import re
import uuid
from collections.abc import Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import Protocol

import msgspec
import obstore
from obstore.exceptions import BaseError, NotFoundError
from obstore.store import ObjectStore, from_url

from lending.catalog.errors import MediaUnavailable, UnknownMedia, UnsupportedMedia

MEDIA_TYPES: Mapping[str, str] = {
    ".avif": "image/avif",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
SEGMENT = r"[A-Za-z0-9_][A-Za-z0-9_-]*"
SAFE_NAME = re.compile(rf"(?:{SEGMENT}/){{0,2}}{SEGMENT}(?:\.{SEGMENT}){{0,2}}\.[a-z0-9]{{3,4}}")
LONGEST_NAME = 120
# Somebody waits for the answer: a store that is away is told soon.
ANSWER_WITHIN, CONNECT_WITHIN, GIVE_UP_AFTER = "20s", "3s", dt.timedelta(seconds=20)
# What lies below is never served by its name alone: who may see it is asked each time.
PRIVATE = "private"
IMMUTABLE = "public, max-age=31536000, immutable"


class MediaFile(msgspec.Struct, frozen=True):
    """A file as it is served."""

    name: str
    media_type: str
    content: bytes


class StoredMedia(msgspec.Struct, frozen=True):
    """A name in the store, and since when it is there."""

    name: str
    saved_at: dt.datetime


class MediaStore(Protocol):
    """Where pictures and documents are kept. Each method raises MediaUnavailable while a bucket does not answer."""

    def open(self, name: str) -> MediaFile:
        """The file of this name. Raises UnknownMedia, for a name that may not be too."""
        ...

    def save(self, content: bytes, media_type: str, folder: str = "") -> str:
        """Keep a file and give its name; the same content has the same name. Raises UnsupportedMedia."""
        ...

    def save_as(self, name: str, content: bytes) -> None:
        """Keep a file under a name that the caller made from its content. Raises UnknownMedia."""
        ...

    def remove(self, name: str) -> None:
        """Take a file away; one that is not there is no error. Raises UnknownMedia for a name that may not be."""
        ...

    def kept_in(self, folder: str) -> Iterator[StoredMedia]:
        """Everything below a folder that was made by `save` or `save_as`."""
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

    def save(self, content: bytes, media_type: str, folder: str = "") -> str:
        """Keep a file under a name made from its content. Raises UnsupportedMedia."""
        name = name_for(content, media_type, folder)
        self.save_as(name, content)
        return name

    def save_as(self, name: str, content: bytes) -> None:
        """Keep a file. Raises UnknownMedia."""
        path = self._path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists():
            # Whoever keeps it again wants it as much as the first: the clean-up counts from now.
            path.touch()
            return
        # Written beside and then renamed: nobody ever reads half a file.
        part = path.with_name(f"{path.name}.{uuid.uuid4().hex}.part")
        part.write_bytes(content)
        part.replace(path)

    def remove(self, name: str) -> None:
        """Take a file away. Raises UnknownMedia."""
        path = self._path(name)
        path.unlink(missing_ok=True)
        if path.parent != self._folder.resolve():
            with contextlib.suppress(OSError):
                path.parent.rmdir()

    def kept_in(self, folder: str) -> Iterator[StoredMedia]:
        """Everything below a folder."""
        root = self._folder.resolve()
        for path in (root / folder).rglob("*"):
            name = path.relative_to(root).as_posix()
            if is_name(name) and path.is_file():
                yield StoredMedia(name, dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC))

    def _path(self, name: str) -> Path:
        check_name(name)
        root = self._folder.resolve()
        path = (root / name).resolve()
        # A link in the folder could still lead out of it.
        if not path.is_relative_to(root):
            raise UnknownMedia
        return path


class MediaBucket:
    """Media in a store that speaks S3; its keys come from the usual variables of the environment."""

    def __init__(self, store: ObjectStore) -> None:
        """Takes what obstore made of the address."""
        self._store = store

    def open(self, name: str) -> MediaFile:
        """The file of this name. Raises UnknownMedia, MediaUnavailable."""
        check_name(name)
        with _telling():
            return MediaFile(name, media_type_of(name), bytes(obstore.get(self._store, name).bytes()))

    def save(self, content: bytes, media_type: str, folder: str = "") -> str:
        """Keep a file under a name made from its content. Raises UnsupportedMedia, MediaUnavailable."""
        name = name_for(content, media_type, folder)
        self.save_as(name, content)
        return name

    def save_as(self, name: str, content: bytes) -> None:
        """Keep a file; the store knows its type, for whoever serves it straight from there."""
        check_name(name)
        with _telling():
            obstore.put(self._store, name, content, attributes={"Content-Type": media_type_of(name)})

    def remove(self, name: str) -> None:
        """Take a file away. Raises UnknownMedia, MediaUnavailable."""
        check_name(name)
        with contextlib.suppress(UnknownMedia), _telling():
            obstore.delete(self._store, name)

    def kept_in(self, folder: str) -> Iterator[StoredMedia]:
        """Everything below a folder."""
        with _telling():
            for batch in obstore.list(self._store, prefix=folder):
                for one in batch:
                    if is_name(one["path"]):
                        yield StoredMedia(one["path"], one["last_modified"])


@contextlib.contextmanager
def _telling() -> Iterator[None]:
    """What the store says, in our words."""
    try:
        yield
    except (NotFoundError, FileNotFoundError) as error:
        raise UnknownMedia from error
    except (BaseError, OSError) as error:
        raise MediaUnavailable from error


def is_name(name: str) -> bool:
    """Whether this is a plain relative name of a known type."""
    return len(name) <= LONGEST_NAME and bool(SAFE_NAME.fullmatch(name)) and Path(name).suffix in MEDIA_TYPES


def check_name(name: str) -> None:
    """Raise UnknownMedia for anything but a plain relative name of a known type."""
    if not is_name(name):
        raise UnknownMedia


def media_type_of(name: str) -> str:
    """The content type that a checked name stands for."""
    return MEDIA_TYPES[Path(name).suffix]


def name_for(content: bytes, media_type: str, folder: str = "") -> str:
    """A name made from the content. Raises UnsupportedMedia."""
    for suffix, known in MEDIA_TYPES.items():
        if known == media_type:
            return str(PurePosixPath(folder) / f"{digest(content)}{suffix}")
    raise UnsupportedMedia(media_type=media_type)


def digest(content: bytes) -> str:
    """What names a content: nobody guesses it, and nothing else has it."""
    return hashlib.sha256(content).hexdigest()[:32]


def media_url(name: str) -> str:
    """Where browsers find a file."""
    return f"/media/{name}"


def open_media_store(folder: Path, url: str = "") -> MediaStore:
    """The store that the settings name: a bucket where there is an address, else the folder."""
    if not url:
        return MediaFolder(folder)
    store = from_url(
        url,
        client_options={"timeout": ANSWER_WITHIN, "connect_timeout": CONNECT_WITHIN, "allow_http": True},
        retry_config={"max_retries": 2, "retry_timeout": GIVE_UP_AFTER},
    )
    return MediaBucket(store)
