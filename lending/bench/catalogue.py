"""A catalogue made from a seed: its first titles are the same at every size."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from lending.bench.words import ADJECTIVES, FIRST_NAMES, HYPHENATED, LEVELS, THEMES, invented, listed, pairs
from lending.search.french import fold
from lending.search.schemas import IndexDocument, Place

KINDS = ("trunk", "trunk", "game", "book", "book", "sheet")
ASSOCIATIONS = tuple(f"{number:02d}" for number in range(1, 96))
VOWELS = "aeiouyhéèêàâîïôœ"
INVENTED_WORDS = 20_000
SURNAMES = 6_000
HORIZON_DAYS = 400


@dataclass(frozen=True)
class Catalogue:
    """Titles, one after the other. `today` is the ordinal of the day that loans begin from."""

    seed: int
    today: int

    @cached_property
    def themes(self) -> dict[str, str]:
        """Codes with what people read."""
        return {fold(label).replace(" ", "-"): label for label in listed(THEMES)}

    @cached_property
    def words(self) -> frozenset[str]:
        """Every name and surname that titles may hold, folded."""
        known = _Words(random.Random(self.seed))  # noqa: S311 - a catalogue to repeat, no secret
        return frozenset(fold(word) for word in (*known.names, *known.surnames))

    def documents(self, count: int) -> Iterator[IndexDocument]:
        """The first `count` titles."""
        chance = random.Random(self.seed)  # noqa: S311 - a catalogue to repeat, no secret
        words = _Words(chance)
        for number in range(1, count + 1):
            yield self._document(number, random.Random(f"{self.seed}-{number}"), words)  # noqa: S311 - as above

    def _document(self, number: int, chance: random.Random, words: "_Words") -> IndexDocument:
        themes = sorted(chance.sample(sorted(self.themes), chance.randint(1, 3)))
        level = chance.randrange(len(LEVELS) - 3)
        lenders = sorted(set(chance.choices(ASSOCIATIONS, k=chance.randint(1, 3))))
        return IndexDocument(
            id=number,
            kind=chance.choice(KINDS),
            name=words.title(chance),
            summary=words.running(chance, chance.randint(15, 40)),
            authors=", ".join(words.author(chance) for _ in range(chance.randint(1, 2))),
            contents=" \n ".join(words.running(chance, chance.randint(2, 5)) for _ in range(chance.randint(3, 12))),
            themes=" \n ".join(self.themes[code] for code in themes),
            codes=(f"978{number:010d}",),
            level=LEVELS[level : level + chance.randint(1, 3)],
            theme=tuple(themes),
            association=tuple(lenders),
            busy_days=self._busy(chance),
            added_at=number,
            loans=chance.randint(0, 80),
            places=tuple(Place(43 + int(code) / 20, -4 + int(code) / 10) for code in lenders),
        )

    def _busy(self, chance: random.Random) -> tuple[int, ...]:
        """A third of the titles has loans that leave no copy, of two or three weeks each."""
        if chance.random() > 1 / 3:
            return ()
        days: set[int] = set()
        for _ in range(chance.randint(1, 6)):
            first = self.today + chance.randrange(HORIZON_DAYS)
            days.update(range(first, min(first + chance.randint(14, 24), self.today + HORIZON_DAYS)))
        return tuple(sorted(days))


class _Words:
    """Draws words: frequent ones are drawn often, rare ones rarely."""

    def __init__(self, chance: random.Random) -> None:
        self._nouns, self._adjectives = pairs(), listed(ADJECTIVES)
        self._hyphenated, self._first_names = listed(HYPHENATED), listed(FIRST_NAMES)
        self.names = invented(chance, INVENTED_WORDS)
        self.surnames = [one.capitalize() for one in invented(chance, SURNAMES)]

    def title(self, chance: random.Random) -> str:
        """Between two and five words that mean something."""
        one, many = self._noun(chance)
        head = f"Les {many}" if chance.random() < 0.5 else _article(one, chance)  # noqa: PLR2004 - half of them
        parts = [head]
        if chance.random() < 0.5:  # noqa: PLR2004 - half of them
            parts.append(chance.choice(self._adjectives))
        parts.append(self._complement(chance))
        if chance.random() < 0.06:  # noqa: PLR2004 - as many as real titles have
            parts.append(f": {chance.choice(self._hyphenated)}")
        text = " ".join(parts).replace(" :", " :")
        return text[0].upper() + text[1:]

    def running(self, chance: random.Random, count: int) -> str:
        """Words one after the other."""
        return " ".join(self._any(chance) for _ in range(count))

    def author(self, chance: random.Random) -> str:
        """A person who does not exist."""
        return f"{chance.choice(self._first_names)} {self.surnames[_rare(chance, len(self.surnames))]}"

    def _noun(self, chance: random.Random) -> tuple[str, str]:
        return self._nouns[_rare(chance, len(self._nouns), 1.2)]

    def _complement(self, chance: random.Random) -> str:
        kind = chance.random()
        if kind < 0.4:  # noqa: PLR2004 - most titles name something of their own
            return f"de {self.names[_rare(chance, len(self.names))].capitalize()}"
        if kind < 0.7:  # noqa: PLR2004 - a good part is about one thing
            one = self._noun(chance)[0]
            return f"d’{one}" if one[0] in VOWELS else f"de {one}"
        return f"et {self._noun(chance)[1]} de {self.names[_rare(chance, len(self.names))]}"

    def _any(self, chance: random.Random) -> str:
        kind = chance.random()
        if kind < 0.4:  # noqa: PLR2004 - common words make up much of a text
            return chance.choice(self._noun(chance))
        return chance.choice(self._adjectives) if kind < 0.5 else self.names[_rare(chance, len(self.names))]  # noqa: PLR2004 - as above


def _article(noun: str, chance: random.Random) -> str:
    if noun[0] in VOWELS:
        return chance.choice(("L’", "L'")) + noun
    return f"Le {noun}"


def _rare(chance: random.Random, count: int, steepness: float = 2.0) -> int:
    """A place in a list, small ones far more often."""
    return int(count * chance.random() ** steepness)
