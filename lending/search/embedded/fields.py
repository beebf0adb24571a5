"""What the embedded index stores of a title, and with which weight each field counts."""

import tantivy

from lending.search.french import glued, stems, words
from lending.search.schemas import FACETS, IndexDocument

# Raised whenever the fields change: an index of another version is built anew.
SCHEMA_VERSION = 1
WEIGHTS = {"name": 10.0, "themes": 6.0, "authors": 5.0, "contents": 3.0, "summary": 1.0}


def schema() -> tantivy.Schema:
    """The fields of the index. Texts arrive folded, so that splitting at spaces is all that is left to do."""
    builder = tantivy.SchemaBuilder()
    builder.add_integer_field("id", stored=True, indexed=True, fast=True)
    builder.add_integer_field("added_at", fast=True)
    builder.add_integer_field("busy_days", indexed=True, fast=True)
    for name in (*WEIGHTS, "name_stems", "all", "all_stems", "glued"):
        builder.add_text_field(name, tokenizer_name="whitespace")
    builder.add_text_field("codes", tokenizer_name="raw", index_option="basic")
    for name in FACETS:
        builder.add_text_field(f"facet_{name}", tokenizer_name="raw", fast=True, index_option="basic")
    return builder.build()


def entry(document: IndexDocument) -> tantivy.Document:
    """A title as the index takes it."""
    made = tantivy.Document()
    made.add_integer("id", document.id)
    made.add_integer("added_at", document.added_at)
    for day in document.busy_days:
        made.add_integer("busy_days", day)
    _add_texts(made, document)
    for code in document.codes:
        made.add_text("codes", code)
    for name in FACETS:
        for value in document.facet(name):
            made.add_text(f"facet_{name}", value)
    return made


def _add_texts(made: tantivy.Document, document: IndexDocument) -> None:
    texts = [getattr(document, name) for name in WEIGHTS]
    for name, text in zip(WEIGHTS, texts, strict=True):
        made.add_text(name, " ".join(words(text)))
    everything = " \n ".join(texts)
    made.add_text("name_stems", stems(document.name))
    made.add_text("all", " ".join(words(everything)))
    made.add_text("all_stems", stems(everything))
    made.add_text("glued", " ".join(glued(document.name) + glued(document.themes)))
