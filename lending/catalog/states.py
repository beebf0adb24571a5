"""The closed lists of the catalogue, as they stand in the database."""

from enum import StrEnum


class Kind(StrEnum):
    """What a title is."""

    TRUNK = "trunk"
    GAME = "game"
    BOOK = "book"
    SHEET = "sheet"


class Visibility(StrEnum):
    """Who sees a title."""

    DRAFT = "draft"
    PUBLISHED = "published"
    ARCHIVED = "archived"


class Condition(StrEnum):
    """How worn a copy is."""

    NEW = "new"
    GOOD = "good"
    WORN = "worn"
    DAMAGED = "damaged"


class Status(StrEnum):
    """Whether a copy may leave the shelf."""

    LENDABLE = "lendable"
    BLOCKED = "blocked"
    REPAIR = "repair"
    LOST = "lost"
    WITHDRAWN = "withdrawn"


# Copies that exist, and those among them that wait for somebody's care.
PRESENT = (Status.LENDABLE.value, Status.BLOCKED.value, Status.REPAIR.value)
HELD_BACK = (Status.BLOCKED.value, Status.REPAIR.value)


class CheckReason(StrEnum):
    """What made somebody look into a copy."""

    PURCHASE = "purchase"
    DEPARTURE = "departure"
    RETURN = "return"
    STOCKTAKE = "stocktake"
    REPAIR = "repair"


class Leaves(StrEnum):
    """How a check leaves a copy."""

    COMPLETE = "complete"
    LENDABLE = "lendable"
    BLOCKED = "blocked"


class Outcome(StrEnum):
    """What a contents check says of a copy."""

    COMPLETE = "complete"
    INCOMPLETE = "incomplete"
