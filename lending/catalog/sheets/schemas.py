"""What is told of documents, and what is sent to change them."""

from enum import StrEnum

import msgspec


class Audience(StrEnum):
    """Who may read a document. Members are signed in with an affiliated school, or work for an association."""

    ALL = "all"
    MEMBERS = "members"


class DocumentView(msgspec.Struct, frozen=True, kw_only=True):
    """A file that belongs to a title. `preview_url` shows its first page, where everybody may read it."""

    id: int
    name: str
    media_type: str
    url: str
    page_count: int | None
    byte_size: int
    audience: Audience = Audience.ALL
    downloads: int = 0
    preview_url: str | None = None


class DocumentEdit(msgspec.Struct, frozen=True):
    """A name or an audience to change; what is not sent stays."""

    name: str | msgspec.UnsetType = msgspec.UNSET
    audience: Audience | msgspec.UnsetType = msgspec.UNSET


class Download(msgspec.Struct, frozen=True):
    """A file as it is handed out."""

    file_name: str
    media_type: str
    content: bytes
