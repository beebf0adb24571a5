"""Reads of the catalogue. They return structs and know no person: the service asks who may see."""

from lending.catalog.queries.browsing import level_counts
from lending.catalog.queries.contents import checklist, checklists, last_checks, missing_at_last, missing_lines
from lending.catalog.queries.copies import (
    copies,
    copies_of_title,
    copy,
    copy_by_code,
    copy_id_by_code,
)
from lending.catalog.queries.holdings import held_back, holdings, lent_incomplete, stock_counts
from lending.catalog.queries.titles import (
    Access,
    access,
    kind_counts,
    recently_added,
    theme_counts,
    title_page,
    title_summaries,
    titles_of,
)
from lending.catalog.queries.vocabularies import level_codes, levels_of, term_codes, terms, themes_of

__all__ = [
    "Access",
    "access",
    "checklist",
    "checklists",
    "copies",
    "copies_of_title",
    "copy",
    "copy_by_code",
    "copy_id_by_code",
    "held_back",
    "holdings",
    "kind_counts",
    "last_checks",
    "lent_incomplete",
    "level_codes",
    "level_counts",
    "levels_of",
    "missing_at_last",
    "missing_lines",
    "recently_added",
    "stock_counts",
    "term_codes",
    "terms",
    "theme_counts",
    "themes_of",
    "title_page",
    "title_summaries",
    "titles_of",
]
