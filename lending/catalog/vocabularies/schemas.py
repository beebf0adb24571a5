"""Terms as the federation edits them."""

from typing import Annotated

import msgspec
from msgspec import Meta

LONGEST_LABEL = 120
Label = Annotated[str, Meta(max_length=LONGEST_LABEL)]


class TermDetail(msgspec.Struct, frozen=True, kw_only=True):
    """A term in both languages, and how many titles carry it."""

    code: str
    label_fr: str
    label_en: str
    parent: str | None
    version: int
    titles: int


class NewTerm(msgspec.Struct, frozen=True, kw_only=True):
    """A word to add at the end. `parent` is for levels: the code of their cycle. Without English, French stands."""

    label_fr: Label
    label_en: Label = ""
    parent: Annotated[str, Meta(max_length=40)] | None = None


class EditTerm(msgspec.Struct, frozen=True, kw_only=True):
    """What a term is called from now on; its code, which titles carry, stays. `version` is the one that was read."""

    label_fr: Label
    label_en: Label = ""
    version: int | None = None
