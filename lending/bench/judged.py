"""Queries whose right answers are known: what a person meant, typed well or badly, in ten classes."""

import random
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, field

from lending.bench.words import ADJECTIVES, HYPHENATED, listed, pairs
from lending.search.french import STOP_WORDS, fold, in_one_piece, words
from lending.search.schemas import IndexDocument

PER_CLASS = 40
TUNED, KEPT = "tuned on", "kept aside"
PERFECT = ("exact", "prefix", "no accents", "apostrophe", "hyphen")
MISTYPED = ("one typo", "two typos", "misspelt author")
KEYS = ("azertyuiop", "qsdfghjklm", "wxcvbn")
APOSTROPHE = re.compile(r"\b([ld])['’](\w+)", re.IGNORECASE)
Forms = tuple[frozenset[str], ...]
NAME_WORDS = frozenset(fold(word) for word in [*(word for pair in pairs() for word in pair), *listed(ADJECTIVES)])
OTHER_NUMBER = {one: many for one, many in pairs() if one != many} | {many: one for one, many in pairs() if one != many}


@dataclass(frozen=True)
class Judged:
    """What was typed and which titles are right: every one that holds the words meant, each in one of its forms.

    Of a word that was only begun, every word that begins so is right.
    """

    kind: str
    text: str
    name: Forms = ()
    begun: str = ""
    theme: str = ""
    author: str = ""

    def says_another(self, known: Collection[str]) -> bool:
        """Whether a word was typed that is in the catalogue and was not meant."""
        meant = {self.author}.union(*self.name)
        return any(word in known for word in words(self.text) if word not in meant)

    def is_right(self, title: "Seen") -> bool:
        """Whether the title is what was meant."""
        return (
            all(forms & title.name for forms in self.name)
            and (not self.begun or any(word.startswith(self.begun) for word in title.name))
            and (not self.theme or self.theme in title.theme)
            and (not self.author or self.author in title.authors)
        )


@dataclass(frozen=True)
class Seen:
    """What judging looks at in a title."""

    id: int
    name: frozenset[str]
    theme: tuple[str, ...]
    authors: frozenset[str]
    text: str = field(repr=False)
    written_authors: str = field(repr=False)
    written_themes: str = field(repr=False)


def seen(document: IndexDocument) -> Seen:
    """A title as judging sees it."""
    return Seen(
        id=document.id,
        name=frozenset(words(document.name) + in_one_piece(document.name)),
        theme=document.theme,
        authors=frozenset(words(document.authors)),
        text=document.name,
        written_authors=document.authors,
        written_themes=document.themes,
    )


def judged(titles: Sequence[Seen], seed: int, known: Collection[str]) -> list[Judged]:
    """The queries, class by class; even places are for tuning, odd ones are kept aside.

    A typo that makes another word of the catalogue (`known`) is none that anybody could tell.
    """
    made: list[Judged] = []
    for kind, make in MAKERS.items():
        chance = random.Random(f"{seed}-{kind}")  # noqa: S311 - queries to repeat, no secret
        found: dict[str, Judged] = {}
        while len(found) < PER_CLASS:
            query = make(chance, chance.choice(titles))
            if query is not None and not (kind in MISTYPED and query.says_another(known)):
                found[query.text] = query
        made += found.values()
    return made


def _meant(title: Seen) -> list[str]:
    """The words of a name that matter, as they are written, in small letters."""
    return [one for one in re.findall(r"[\w-]+", title.text.lower()) if fold(one) not in STOP_WORDS and len(one) > 2]  # noqa: PLR2004 - shorter ones mean little


def _plain(kind: str, typed: str, meant: Sequence[str]) -> Judged:
    return Judged(kind, typed, tuple(frozenset(words(one)[:1]) for word in meant for one in words(word)))


def _exact(chance: random.Random, title: Seen) -> Judged | None:
    meant = _meant(title)
    first = chance.randrange(max(1, len(meant) - 1))
    meant = meant[first : first + chance.randint(1, 3)]
    return _plain("exact", " ".join(meant), meant) if meant else None


def _prefix(chance: random.Random, title: Seen) -> Judged | None:
    meant = _meant(title)[:2]
    if len(meant) < 2 or len(meant[1]) < 6 or "-" in meant[1]:  # noqa: PLR2004 - two words, the second long enough to stop
        return None
    begun = meant[1][: chance.randint(4, len(meant[1]) - 1)]
    if fold(begun) in NAME_WORDS:
        return None
    return Judged("prefix", f"{meant[0]} {begun}", (frozenset(words(meant[0])[:1]),), begun=fold(begun))


def _one_typo(chance: random.Random, title: Seen) -> Judged | None:
    meant = [one for one in _meant(title) if "-" not in one]
    long = [place for place, one in enumerate(meant[:3]) if len(one) > 4]  # noqa: PLR2004 - shorter words forgive none
    if len(meant) < 2 or not long:  # noqa: PLR2004 - two words
        return None
    typed = meant[:3]
    place = chance.choice(long)
    typed[place] = mistyped(chance, typed[place])
    return _plain("one typo", " ".join(typed), meant[:3])


def _two_typos(chance: random.Random, title: Seen) -> Judged | None:
    """Two in a word of six letters or more, or one in each of two words."""
    meant = [one for one in _meant(title) if "-" not in one][:3]
    long = [place for place, one in enumerate(meant) if len(one) > 5]  # noqa: PLR2004 - room for two
    if len(meant) < 2 or len(long) < 2:  # noqa: PLR2004 - two words
        return None
    typed = list(meant)
    places = chance.choice((long[:2], [max(long, key=lambda place: len(meant[place]))] * 2))
    for place in places:
        typed[place] = mistyped(chance, typed[place])
    return _plain("two typos", " ".join(typed), meant)


def _no_accents(_: random.Random, title: Seen) -> Judged | None:
    meant = _meant(title)[:3]
    typed = " ".join(fold(one) for one in meant)
    return _plain("no accents", typed, meant) if len(meant) > 1 and typed != " ".join(meant) else None


def _plural(_: random.Random, title: Seen) -> Judged | None:
    meant = [one for one in _meant(title) if "-" not in one][:2]
    place = next((place for place, one in enumerate(meant) if one in OTHER_NUMBER), None)
    if place is None or len(meant) < 2:  # noqa: PLR2004 - two words
        return None
    typed = [*meant]
    typed[place] = OTHER_NUMBER[meant[place]]
    forms = tuple(
        frozenset({fold(one), fold(other)}) if one != other else frozenset(words(one))
        for one, other in zip(meant, typed, strict=True)
    )
    return Judged("plural", " ".join(typed), forms)


def _apostrophe(chance: random.Random, title: Seen) -> Judged | None:
    found = APOSTROPHE.search(title.text)
    if found is None:
        return None
    between = chance.choice(("'", "’", " ", ""))
    others = [one for one in _meant(title) if one not in found[0].lower()][:1]
    typed = " ".join([f"{found[1].lower()}{between}{found[2].lower()}", *others])
    return _plain("apostrophe", typed, [found[2], *others])


def _hyphen(chance: random.Random, title: Seen) -> Judged | None:
    found = next((one for one in listed(HYPHENATED) if one in title.text), None)
    if found is None:
        return None
    other = next((one for one in _meant(title) if one not in found), None)
    typed = re.sub(r"[-’]", chance.choice((" ", "", "-")), found)
    meant = [*words(found), *([other] if other else [])]
    return _plain("hyphen", f"{typed} {other}" if other else typed, [one for one in meant if one not in STOP_WORDS])


def _theme(chance: random.Random, title: Seen) -> Judged | None:
    """A theme that is no word of the names: a name that speaks of it would be right too."""
    meant, code = _meant(title)[:1], chance.choice(title.theme)
    if code in NAME_WORDS:
        return None
    labels = {fold(one.strip()).replace(" ", "-"): one.strip() for one in title.written_themes.split("\n")}
    typed = f"{meant[0]} {labels[code].lower()}"
    return Judged("word and theme", typed, (frozenset(words(meant[0])[:1]),), theme=code)


def _author(chance: random.Random, title: Seen) -> Judged | None:
    surname = title.written_authors.split(",")[0].split(" ")[1].lower()
    if len(surname) < 6:  # noqa: PLR2004 - short names forgive none
        return None
    meant = _meant(title)[:1] if chance.random() < 0.5 else []  # noqa: PLR2004 - half of them
    typed = " ".join([*meant, mistyped(chance, surname)])
    forms = tuple(frozenset(words(one)[:1]) for one in meant)
    return Judged("misspelt author", typed, forms, author=fold(surname))


def mistyped(chance: random.Random, word: str) -> str:
    """The word with one slip of the fingers, seldom at its beginning: swapped, left out, doubled, a key beside."""
    place = chance.randint(0 if chance.random() < 0.1 else 1, len(word) - 2)  # noqa: PLR2004 - one in ten
    slips: tuple[Callable[[], str], ...] = (
        lambda: word[:place] + word[place + 1] + word[place] + word[place + 2 :],
        lambda: word[:place] + word[place + 1 :],
        lambda: word[: place + 1] + word[place:],
        lambda: word[:place] + _beside(chance, fold(word[place])) + word[place + 1 :],
    )
    typed = chance.choice(slips)()
    return typed if typed != word else mistyped(chance, word)


def _beside(chance: random.Random, letter: str) -> str:
    row = next((row for row in KEYS if letter[:1] in row), KEYS[0])
    at = row.find(letter[:1])
    return row[at - 1] if at and chance.random() < 0.5 else row[min(at + 1, len(row) - 1)]  # noqa: PLR2004 - left or right


MAKERS: dict[str, Callable[[random.Random, Seen], Judged | None]] = {
    "exact": _exact,
    "prefix": _prefix,
    "one typo": _one_typo,
    "two typos": _two_typos,
    "no accents": _no_accents,
    "plural": _plural,
    "apostrophe": _apostrophe,
    "hyphen": _hyphen,
    "word and theme": _theme,
    "misspelt author": _author,
}


def rank_of(query: Judged, ids: Sequence[int], titles: dict[int, Seen]) -> int | None:
    """The place (from 1) of the first right answer."""
    return next((place for place, one in enumerate(ids, 1) if query.is_right(titles[one])), None)


def halves(queries: Sequence[Judged]) -> Iterator[tuple[str, list[Judged]]]:
    """The half to tune on and the half that is kept aside."""
    yield TUNED, list(queries[::2])
    yield KEPT, list(queries[1::2])
