"""Light stems of folded French words: number and gender go, the word stays. No `animation` meets `animaux` here."""

import re
from functools import lru_cache

IRREGULAR = {
    "yeux": "oeil",
    "cieux": "ciel",
    "aieux": "aieul",
    "travaux": "travail",
    "vitraux": "vitrail",
    "coraux": "corail",
    "emaux": "email",
    "baux": "bail",
    "soupiraux": "soupirail",
    "vantaux": "vantail",
    "ventaux": "ventail",
    "bestiaux": "betail",
    "messieurs": "monsieur",
    "mesdames": "madame",
    "mesdemoiselles": "mademoiselle",
    "bonshommes": "bonhomme",
    "gentilshommes": "gentilhomme",
}
# The first that fits; what stands in front of the ending must be a word by itself.
PLURALS = (("eaux", "eau", 0), ("aux", "al", 2), ("eux", "eu", 1), ("oux", "ou", 2), ("ss", "ss", 1), ("s", "", 3))
GENDERS = (
    ("atrice", "ateur", 2),
    ("trice", "teur", 2),
    ("euse", "eu", 3),
    ("eur", "eur", 1),
    ("ive", "if", 3),
    ("elle", "el", 3),
    ("enne", "en", 3),
    ("onne", "on", 3),
    ("ette", "et", 3),
    ("ere", "er", 3),
    ("ee", "e", 3),
    ("e", "", 5),
)
LETTERS = re.compile(r"[a-z]+")


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The stem of a folded word: `journaux` and `journal`, `coopératives` and `coopératif` meet."""
    if not LETTERS.fullmatch(word):
        return word
    singular = IRREGULAR.get(word) or _without(word, PLURALS)
    return _without(singular, GENDERS)


def _without(word: str, endings: tuple[tuple[str, str, int], ...]) -> str:
    for ending, instead, shortest in endings:
        if word.endswith(ending) and len(word) - len(ending) >= shortest:
            return word.removesuffix(ending) + instead
    return word
