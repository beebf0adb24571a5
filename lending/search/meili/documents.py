"""A title as the server gets it."""

from typing import Any

import msgspec

from lending.search.french import glued, words
from lending.search.schemas import IndexDocument, Place

# The server has no stemmer: short words and irregular plurals get their other form, the rest is a typo away.
SHORT = 4


def body(document: IndexDocument) -> dict[str, Any]:
    """The document with the other forms of its words, which the server cannot make itself."""
    made: dict[str, Any] = msgspec.to_builtins(document)
    del made["places"]
    places = [place_term(one) for one in document.places]
    return made | {"forms": " ".join(sorted(forms(document))), "place": places}


def place_term(place: Place) -> str:
    """A point as the value of a facet, to about a metre."""
    return f"{place.latitude:.5f}_{place.longitude:.5f}"


def place_of(term: str) -> Place:
    """What `place_term` wrote."""
    latitude, _, longitude = term.partition("_")
    return Place(float(latitude), float(longitude))


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
