"""The codes of new terms: short, plain, and never given twice."""

import re
import unicodedata
from collections.abc import Container
from itertools import count

from lending.catalog.vocabularies.errors import EmptyLabel

LONGEST_STEM = 36
# They fall apart into no letter and mark, unlike é.
LIGATURES = str.maketrans({"œ": "oe", "Œ": "oe", "æ": "ae", "Æ": "ae", "ß": "ss"})


def code_for(label: str, taken: Container[str]) -> str:
    """A code of lower-case letters, digits and hyphens that is not taken. Raises EmptyLabel."""
    plain = unicodedata.normalize("NFKD", label.translate(LIGATURES)).encode("ascii", "ignore").decode().lower()
    stem = "-".join(re.findall(r"[a-z0-9]+", plain))[:LONGEST_STEM].strip("-")
    if not stem:
        raise EmptyLabel
    return stem if stem not in taken else _numbered(stem, taken)


def _numbered(stem: str, taken: Container[str]) -> str:
    return next(code for number in count(2) if (code := f"{stem}-{number}") not in taken)
