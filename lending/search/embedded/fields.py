"""What the embedded index holds of a title. Texts arrive folded, so that splitting at spaces is all that is left."""

import tantivy

from lending.search.french import STOP_WORDS, fold, glued, in_one_piece, stems, words
from lending.search.schemas import CHOICES, IndexDocument, Place

# Raised whenever the fields change: an index of another version is built anew.
SCHEMA_VERSION = 3
TEXTS = ("name", "synonyms", "themes", "authors", "contents", "summary", "file_text")
# Read by their positions, for phrases; the others only say that a word is there.
IN_ORDER = ("name", "all")
# Depots of the whole country: more would be a mistake.
MAX_PLACES = 2000
NUMBERS = ("min_age", "max_age", "min_players", "max_players", "minutes")


def schema() -> tantivy.Schema:
    """The fields of the index."""
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", stored=True, indexed=True, fast=True)
    for name in ("added_at", "loans", *NUMBERS):
        builder.add_integer_field(name, indexed=name in NUMBERS, fast=True)
    builder.add_integer_field("busy_days", indexed=True)
    for name in ("name", "synonyms", "themes", "authors", "contents", "all", "name_stems", "all_stems", "glued"):
        option = "position" if name in IN_ORDER else "basic"
        builder.add_text_field(name, tokenizer_name="whitespace", index_option=option)
    for name in ("codes", "whole_name"):
        builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
    for name in (*CHOICES, "place"):
        builder.add_text_field(f"facet_{name}", tokenizer_name="raw", fast=True, index_option="basic")
    return builder.build()


def entry(document: IndexDocument) -> tantivy.Document:
    """A title as the index takes it."""
    made = tantivy.Document()
    for name in ("id", "added_at", "loans"):
        made.add_integer(name, getattr(document, name))
    for day in document.busy_days:
        made.add_integer("busy_days", day)
    for name in NUMBERS:
        if (number := getattr(document, name)) is not None:
            made.add_integer(name, number)
    _add_texts(made, document)
    for code in document.codes:
        made.add_text("codes", code)
    for name in CHOICES:
        for value in document.facet(name):
            made.add_text(f"facet_{name}", value)
    for place in document.places:
        made.add_text("facet_place", place_term(place))
    return made


def vocabulary_of(document: IndexDocument) -> set[str]:
    """The words that a mistyped one may mean."""
    text = " \n ".join(getattr(document, name) for name in TEXTS)
    return {*words(text), *in_one_piece(text)}


def whole_name(parts: list[str]) -> str:
    """A name as it is compared with everything that was typed: articles and the like do not count."""
    return " ".join(word for word in parts if word not in STOP_WORDS)


def place_term(place: Place) -> str:
    """A place as a word; ten metres do not matter."""
    return f"{place.latitude:.4f},{place.longitude:.4f}"


def place_of(term: str) -> Place:
    """The place that a word stands for."""
    latitude, _, longitude = term.partition(",")
    return Place(float(latitude), float(longitude))


def _add_texts(made: tantivy.Document, document: IndexDocument) -> None:
    texts = {name: fold(getattr(document, name)) for name in TEXTS}
    parts = {name: words(text) for name, text in texts.items()}
    for name in ("name", "synonyms", "themes", "authors", "contents"):
        made.add_text(name, " ".join(parts[name]))
    pieces = {name: in_one_piece(text) for name, text in texts.items()}
    made.add_text("whole_name", whole_name(parts["name"]))
    made.add_text("name_stems", stems(texts["name"]))
    # A word between two texts keeps phrases from running over.
    made.add_text("all", " ¶ ".join(" ".join(parts[name]) for name in TEXTS) + " ¶ " + _flat(pieces))
    made.add_text("all_stems", stems(" ".join(texts.values())))
    lines = [texts["name"], *texts["themes"].splitlines(), *texts["authors"].split(",")]
    made.add_text("glued", " ".join(one for line in lines for one in glued(line)))


def _flat(pieces: dict[str, list[str]]) -> str:
    return " ¶ ".join(" ".join(found) for found in pieces.values() if found)
