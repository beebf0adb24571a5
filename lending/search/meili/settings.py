"""How the server searches titles. Sent once into a new index; other settings are another index, built anew."""

import hashlib

import msgspec
from meilisearch_python_sdk.models.settings import (
    Faceting,
    FilterableAttributeFeatures,
    FilterableAttributes,
    LocalizedAttributes,
    MeilisearchSettings,
    MinWordSizeForTypos,
    Pagination,
    TypoTolerance,
)
from meilisearch_python_sdk.models.settings import (
    Filter as FilterFeatures,
)

from lending.search.french import ONE_TYPO_FROM, STOP_WORDS, TWO_TYPOS_FROM
from lending.search.schemas import FACETS

# Raised whenever `documents.py` sends something else.
DOCUMENTS_VERSION = 3
MAX_TOTAL = 1_000_000
MAX_FACET_VALUES = 2000
CUTOFF_MS = 1000
EXACT = ["codes"]
PLAIN = ("region", "language", "owner", "place")
NUMBERS = ("busy_days", "min_age", "max_age", "min_players", "max_players", "minutes")


def settings() -> MeilisearchSettings:
    """Where to look, by what to narrow, which typos to forgive. Sorting asked for comes before relevance."""
    return MeilisearchSettings(
        searchable_attributes=[
            "name",
            "codes",
            "themes",
            "authors",
            "contents",
            "forms",
            "synonyms",
            "summary",
            "file_text",
        ],
        displayed_attributes=["id", "place"],
        filterable_attributes=[
            _filterable([*FACETS], comparison=False, facet_search=True),
            _filterable([*PLAIN], comparison=False, facet_search=False),
            _filterable([*NUMBERS], comparison=True, facet_search=False),
        ],
        sortable_attributes=["added_at", "loans"],
        ranking_rules=["sort", "words", "typo", "proximity", "attribute", "exactness", "added_at:desc"],
        stop_words=sorted(STOP_WORDS),
        typo_tolerance=TypoTolerance(
            disable_on_attributes=EXACT,
            disable_on_numbers=True,
            min_word_size_for_typos=MinWordSizeForTypos(one_typo=ONE_TYPO_FROM, two_typos=TWO_TYPOS_FROM),
        ),
        pagination=Pagination(max_total_hits=MAX_TOTAL),
        faceting=Faceting(max_values_per_facet=MAX_FACET_VALUES),
        localized_attributes=[LocalizedAttributes(attribute_patterns=["*"], locales=["fra"])],
        search_cutoff_ms=CUTOFF_MS,
    )


def schema_hash() -> str:
    """Eight signs that change with the settings and with what is sent."""
    body = settings().model_dump(by_alias=True, exclude_none=True)
    return hashlib.sha256(msgspec.json.encode([DOCUMENTS_VERSION, body])).hexdigest()[:8]


def _filterable(names: list[str], *, comparison: bool, facet_search: bool) -> FilterableAttributes:
    features = FilterFeatures(equality=True, comparison=comparison)
    return FilterableAttributes(
        attribute_patterns=names,
        features=FilterableAttributeFeatures(facet_search=facet_search, filter=features),
    )
