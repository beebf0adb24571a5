"""From the text in a cell to a fact, or to what is wrong with it. Pure.

A blank cell, and a lone hyphen, say nothing: an import never empties what is known.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from stdnum import ean as ean_number
from stdnum import isbn as isbn_number
from stdnum.exceptions import ValidationError

from lending.catalog.imports.columns import plain
from lending.catalog.rules import clean_line, clean_text

MOST_PROPOSALS = 200
# What schools are called by the levels in them.
SCHOOLS = {"maternelle": "PS à GS", "elementaire": "CP à CM2", "primaire": "PS à CM2", "college": "6e à 3e"}
BLANK = ("", "-", "–", "—")
INTEGER = re.compile(r"[+-]?\d{1,9}(?:[.,]0{1,6})?")
ROUNDED = re.compile(r"\d[.,]\d+[eE]\+?\d+")
YEAR = re.compile(r"(?<!\d)(1\d{3}|20\d\d|21\d\d)(?!\d)")
HOURS = re.compile(r"(\d{1,3}(?:[.,]\d)?) ?h(?:eures?)? ?(\d{1,2})?(?: ?mi?n?)?", re.IGNORECASE)
MINUTES = re.compile(r"(\d{1,4})(?:[.,]0+)? ?(?:min(?:utes?)?|mn|')?\.?", re.IGNORECASE)
RANGE = re.compile(r"(\d{1,4}) ?(?:-|–|à|a|to|/) ?(\d{1,4})(?: ?(?:ans?|joueurs?|years?|players?))?", re.IGNORECASE)
FROM = re.compile(r"(?:dès|à partir de|from|de)? ?(\d{1,4}) ?(?:ans?|joueurs?|years?|players?)? ?(\+|et plus|et \+)?")
KINDS = {
    "trunk": ("malle", "malles", "mallette", "caisse", "valise", "kit"),
    "game": ("jeu", "jeux", "jeu de société", "jeux de société"),
    "book": ("livre", "livres", "album", "roman", "documentaire", "bd", "ouvrage"),
    "sheet": ("fiche", "fiches", "fiche action", "fiches action", "action sheet"),
}
CONDITIONS = {
    "new": ("neuf", "neuve"),
    "good": ("bon", "bonne", "bon état", "très bon", "très bon état"),
    "worn": ("usé", "usée", "usagé", "moyen", "état moyen", "fatigué"),
    "damaged": ("abîmé", "abîmée", "mauvais", "mauvais état"),
}
VISIBILITIES = {
    "draft": ("brouillon",),
    "published": ("publié", "publiée", "oui"),
    "archived": ("archive", "archivé", "archivée"),
}


class BadValueError(ValueError):
    """A cell that cannot be understood: the reason's code and its facts."""

    def __init__(self, reason: str, value: str | None = None, **facts: object) -> None:
        """`value` is the part of the cell that is wrong, where it is not the whole."""
        super().__init__(reason)
        self.reason = reason
        self.value = value
        self.facts = {name: str(fact) for name, fact in facts.items()}


@dataclass(frozen=True)
class Words:
    """A vocabulary as people write it: the code of each plain label. `groups` hold others, as a cycle its levels."""

    codes: Mapping[str, str]
    labels: Mapping[str, str]
    groups: frozenset[str] = frozenset()

    def code(self, text: str) -> str | None:
        """The code that a text means."""
        return self.codes.get(plain(text))

    def near(self, text: str) -> str:
        """Up to three labels that look like a text."""
        close = get_close_matches(plain(text), list(self.codes), n=6, cutoff=0.55)
        return ", ".join(list(dict.fromkeys(self.labels[self.codes[one]] for one in close))[:3])


def is_blank(text: str) -> bool:
    """Whether a cell says nothing."""
    return text.strip() in BLANK


def integer(text: str, least: int, most: int) -> int:
    """A whole number between two bounds; « 3,0 » is one."""
    bare = re.sub(r"[\s\u00a0\u202f]", "", text)
    if not INTEGER.fullmatch(bare):
        raise BadValueError(reason="not-a-number")
    number = int(re.split("[.,]", bare)[0])
    if number < min(0, least):
        raise BadValueError(reason="negative", least=least)
    if not least <= number <= most:
        raise BadValueError(reason="out-of-range", least=least, most=most)
    return number


def year(text: str) -> int:
    """The first year in a text such as « 15/03/2019 » or « cop. 1998 »."""
    found = YEAR.search(text)
    if found is None:
        raise BadValueError(reason="not-a-year")
    return int(found[1])


def minutes(text: str) -> int:
    """Minutes: « 45 », « 45 min », « 1 h 30 », « 0,5 h »."""
    bare = text.strip()
    if found := HOURS.fullmatch(bare):
        number = round(float(found[1].replace(",", ".")) * 60) + int(found[2] or 0)
    elif found := MINUTES.fullmatch(bare):
        number = int(found[1])
    elif bare.startswith("-"):
        raise BadValueError(reason="negative", least=1)
    else:
        raise BadValueError(reason="not-a-duration")
    if not 1 <= number <= 10_000:  # noqa: PLR2004 - the bounds of the column
        raise BadValueError(reason="out-of-range", least=1, most=10_000)
    return number


def bounds(text: str) -> tuple[int, int | None]:
    """« 2-4 », « 2 à 4 joueurs », « dès 6 ans », « 6+ », « 4 »."""
    bare = text.strip()
    if found := RANGE.fullmatch(bare):
        low, high = int(found[1]), int(found[2])
        if low > high:
            raise BadValueError(reason="inverted", least=low, most=high)
        return low, high
    if found := FROM.fullmatch(bare.lower()):
        return int(found[1]), None
    raise BadValueError(reason="negative" if bare.startswith("-") else "not-a-range", least=0)


def isbn(text: str) -> str:
    """Thirteen digits."""
    if ROUNDED.search(text):
        raise BadValueError(reason="rounded-number")
    try:
        return str(isbn_number.validate(text.split("(", maxsplit=1)[0], convert=True))
    except ValidationError as error:
        raise BadValueError(reason="bad-isbn") from error


def ean(text: str) -> str:
    """Thirteen digits; twelve lost their zero in a spreadsheet."""
    if ROUNDED.search(text):
        raise BadValueError(reason="rounded-number")
    try:
        return str(ean_number.validate(ean_number.compact(text).zfill(13)))
    except ValidationError as error:
        raise BadValueError(reason="bad-ean") from error


def language(text: str) -> str:
    """Two or three letters, or the name of a usual language."""
    names = {"francais": "fr", "french": "fr", "anglais": "en", "english": "en", "allemand": "de", "espagnol": "es"}
    code = names.get(plain(text), text.strip().lower())
    if not re.fullmatch("[a-z]{2,3}", code):
        raise BadValueError(reason="bad-language")
    return code


def yes_or_no(text: str) -> bool:
    """« oui », « non », « x », 1, 0."""
    answers = {"oui": True, "yes": True, "x": True, "1": True, "vrai": True, "true": True}
    answers |= {"non": False, "no": False, "0": False, "faux": False, "false": False}
    if plain(text) not in answers:
        raise BadValueError(reason="not-yes-or-no")
    return answers[plain(text)]


def line_of_text(most: int) -> Callable[[str], str]:
    """A reader of one line of at most so many characters."""

    def read(text: str) -> str:
        return _short(clean_line(text), most)

    return read


def long_text(text: str) -> str:
    """Several lines."""
    return _short(clean_text(text), 20_000)


def _short(text: str, most: int) -> str:
    if len(text) > most:
        raise BadValueError(reason="too-long", value=text[:40] + "…", most=most)
    return text


def one_of(choices: Mapping[str, Sequence[str]], reason: str) -> Callable[[str], str]:
    """A reader of one word of a closed list: its code, or one of its usual names."""
    codes = {plain(name): code for code, names in choices.items() for name in (code, *names)}

    def read(text: str) -> str:
        if plain(text) not in codes:
            raise BadValueError(reason, value=clean_line(text)[:60])
        return codes[plain(text)]

    return read


kind = one_of(KINDS, "unknown-kind")
condition = one_of(CONDITIONS, "unknown-condition")
visibility = one_of(VISIBILITIES, "unknown-visibility")


def word(words: Words, reason: str) -> Callable[[str], str]:
    """A reader of one word of a vocabulary, proposing near ones (for so many different words, as it takes time)."""
    near: dict[str, str] = {}

    def read(text: str) -> str:
        code = words.code(text)
        if code is None:
            if text not in near and len(near) < MOST_PROPOSALS:
                near[text] = words.near(text[:60])
            raise BadValueError(reason, value=clean_line(text)[:60], near=near.get(text, ""))
        return code

    return read


def several(words: Words, reason: str, *, lenient: bool = False) -> Callable[[str], list[str]]:
    """A reader of words between signs, in the vocabulary's order. Lenient = what is unknown is left out."""
    read = word(words, reason)
    order = list(dict.fromkeys(words.codes.values()))

    def read_all(text: str) -> list[str]:
        found: set[str] = set()
        for part in parts_of(text, words):
            if words.code(part) is not None or not lenient:
                found |= set(_run(part, words)) or {read(part)}
        return [code for code in order if code in found]

    return read_all


def parts_of(text: str, words: Words) -> list[str]:
    """What stands between the signs of a list; a label that holds such a sign is one part."""
    if "|" in text:
        parts = text.split("|")
    elif words.code(text) is not None:
        parts = [text]
    else:
        parts = re.split(r"[,;/\n]| et | and | & ", text)
    return [part.strip() for part in parts if not is_blank(part)]


def _run(text: str, words: Words) -> list[str]:
    """« CP à CM2 », « CE1-CE2 », « maternelle »: everything from one to the other, in the vocabulary's order."""
    ends = re.split(r" à | to |[-–→]", SCHOOLS.get(plain(text), text))
    codes = [words.code(end) for end in ends]
    if words.code(text) is not None or len(ends) != 2 or None in codes:  # noqa: PLR2004 - a beginning and an end
        return []
    order: list[str | None] = list(dict.fromkeys(words.codes.values()))
    low, high = sorted(order.index(code) for code in codes)
    return [code for code in order[low : high + 1] if code is not None and code not in words.groups]
