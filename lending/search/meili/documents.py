"""A title as the server gets it."""

from typing import Any

import msgspec

from lending.search.french import glued, words
from lending.search.schemas import IndexDocument

# The server has no stemmer: short words and irregular plurals get their other form, the rest is a typo away.
SHORT = 4


def body(document: IndexDocument) -> dict[str, Any]:
    """The document with the other forms of its words, which the server cannot make itself."""
    made: dict[str, Any] = msgspec.to_builtins(document)
    return made | {"forms": " ".join(sorted(forms(document)))}


def forms(document: IndexDocument) -> set[str]:
    """Plurals and singulars of what can be looked for, and hyphenated words in one piece."""
    texts = (document.name, document.themes, document.contents, document.authors)
    found = {form for text in texts for word in words(text) for form in _forms_of(word)}
    return found | set(glued(document.name)) | set(glued(document.themes))


def _forms_of(word: str) -> set[str]:
    if not word.isalpha():
        return set()
    if word.endswith("aux"):
        return {word[:-3] + "al", word[:-3] + "ail", word[:-1]}
    if word.endswith("al"):
        return {word[:-2] + "aux", word + "s"}
    if word.endswith("ail"):
        return {word[:-3] + "aux", word + "s"}
    if len(word) > SHORT:
        return set()
    return {word.removesuffix("s"), word + "s", word + "x"} - {word}
