"""What the writers of letters are given, and what they give."""

import msgspec

from lending.notices.schemas import BookingFacts


class Reader(msgspec.Struct, frozen=True, kw_only=True):
    """To whom a letter is written, and where its links lead."""

    person_id: int
    name: str
    base_url: str
    reminder_number: int = 1


class Message(msgspec.Struct, frozen=True, kw_only=True):
    """What is particular to a kind; the rest of the letter is the same for all of them."""

    subject: str
    paragraphs: tuple[str, ...]
    shows_depot: bool = True
    items: tuple[str, ...] = ()
    closing: str = ""


def names(facts: BookingFacts) -> dict[str, str]:
    """The names that most sentences need."""
    return {"title": facts.title_name, "school": facts.school_name}
