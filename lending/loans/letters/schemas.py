"""What the batches of letters on paper are."""

import datetime as dt

import msgspec


class WaitingLetter(msgspec.Struct, frozen=True, kw_only=True):
    """A message that no mail can carry, and that nobody printed yet. `waits_since_at` is when mail was given up."""

    notice_id: int
    kind: str
    person_name: str
    email: str
    waits_since_at: dt.datetime


class LetterBatchView(msgspec.Struct, frozen=True, kw_only=True):
    """Letters that were printed together."""

    id: int
    association_id: int
    letters: int
    printed_at: dt.datetime
    printed_by: str


class AssociationLetters(msgspec.Struct, frozen=True, kw_only=True):
    """An association's letters on paper: those to print, oldest first, and the last batches, newest first.

    `count` is how many are to print; `waiting` shows the first of them.
    """

    association_id: int
    count: int
    waiting: list[WaitingLetter]
    batches: list[LetterBatchView]
