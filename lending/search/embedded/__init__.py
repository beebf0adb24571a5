"""The embedded index: tantivy in a folder, for one machine."""

from lending.search.embedded.index import EmbeddedIndex

__all__ = ["EmbeddedIndex"]
