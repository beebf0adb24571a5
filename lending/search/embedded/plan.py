"""How a text is looked for: which words must be there, and what mistyped ones may mean.

The text alone decides, never filters, dates or pages: so each facet counts what choosing it would show.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field, replace

from lending.search.asked import Asked, take_apart
from lending.search.embedded.vocabulary import Vocabulary
from lending.search.french import ONE_TYPO_FROM, typo_budget

# With fewer hits than these, typos are allowed for.
ENOUGH = 10
# What so many titles hold is a word, not a typo.
KNOWN_FROM = 3
# Asked for only when nothing else is found: two typos in words that are usually allowed one.
GENEROUS_FROM = 6
SHORT = 4
Meanings = dict[float, list[str]]


@dataclass(frozen=True)
class Plan:
    """A text, how many of its first words must be there, and for each word what else it may be."""

    asked: Asked
    count: int
    meanings: dict[str, Meanings] = field(default_factory=dict)

    @property
    def has_text(self) -> bool:
        """Whether relevance means anything."""
        return bool(self.asked.words or self.asked.phrases or self.asked.code)


def plan(text: str, vocabulary: Vocabulary, total: Callable[[Plan], int]) -> Plan:
    """The strictest way that finds something: as typed, with typos, with more typos, with ever fewer words."""
    asked = take_apart(text)
    strict = Plan(asked, len(asked.words))
    if not asked.words or (found := total(strict)) >= ENOUGH:
        return strict
    # Words that titles have are not mistyped, as long as something is found.
    odd = [word for word in asked.words if vocabulary.frequency(word) < KNOWN_FROM]
    if odd and (odd != list(asked.words) or found):
        forgiving = replace(strict, meanings=_meanings(asked, odd, vocabulary, generous=False))
        found = total(forgiving)
    else:
        forgiving = strict
    return forgiving if found else _desperate(strict, vocabulary, total)


def _desperate(strict: Plan, vocabulary: Vocabulary, total: Callable[[Plan], int]) -> Plan:
    asked, forgiving = strict.asked, strict
    for generous in (False, True):
        forgiving = replace(strict, meanings=_meanings(asked, asked.words, vocabulary, generous=generous))
        if total(forgiving):
            return forgiving
    # Nothing has all the words: drop them from the end, the first one never.
    for count in range(len(asked.words) - 1, 0, -1):
        fewer = replace(forgiving, count=count)
        if total(fewer):
            return fewer
    return strict


def _meanings(asked: Asked, words: Collection[str], vocabulary: Vocabulary, *, generous: bool) -> dict[str, Meanings]:
    # Half a word with two typos in it may be nearly anything: then only whole words are meant.
    last = "" if generous else asked.words[-1]
    # Beside other words even a short one may be wrong.
    shortest = SHORT if generous and len(asked.words) > 1 else ONE_TYPO_FROM
    return {
        word: vocabulary.meant_by(word, _budget(word, shortest, generous=generous), is_last=word == last)
        for word in words
    }


def _budget(word: str, shortest: int, *, generous: bool) -> int:
    budget = typo_budget(word)
    if not generous or not word.isalpha():
        return budget
    return 2 if len(word) >= GENEROUS_FROM else max(budget, int(len(word) >= shortest))
