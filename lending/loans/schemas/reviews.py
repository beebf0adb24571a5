"""What teachers tell each other about titles."""

import datetime as dt
from typing import Annotated

import msgspec


class NewReview(msgspec.Struct, frozen=True, kw_only=True):
    """How a loan went, from 1 (disappointing) to 5 (wonderful), with which level, and a tip for colleagues.

    Names nobody unless `is_signed`. `version` is that of the review which was read, where it replaces one.
    """

    rating: int
    level: Annotated[str, msgspec.Meta(max_length=40)] | None = None
    tip: Annotated[str, msgspec.Meta(max_length=5000)] = ""
    is_signed: bool = False
    version: int | None = None


class Hiding(msgspec.Struct, frozen=True):
    """Why a review is hidden; its school reads it."""

    reason: Annotated[str, msgspec.Meta(max_length=500)] = ""


class ReviewView(msgspec.Struct, frozen=True, kw_only=True):
    """A review. `signature` is empty unless the author wished to be named; `may_hide` is about who reads it."""

    id: int
    title_id: int
    rating: int
    level: str | None
    level_label: str
    tip: str
    is_signed: bool
    signature: str
    written_at: dt.datetime
    is_hidden: bool
    hidden_because: str
    may_hide: bool
    version: int


class TitleReviews(msgspec.Struct, frozen=True, kw_only=True):
    """What was told about a title, the latest first. `mean` is None while there are fewer than three.

    `count` and `mean` are those of what is not hidden.
    """

    count: int
    mean: float | None
    items: list[ReviewView]
    next_cursor: str | None = None
