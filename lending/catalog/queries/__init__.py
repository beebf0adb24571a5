"""Reads of the catalogue. They return structs and know no person: the service asks who may see."""

from lending.catalog.queries.contents import checklist, last_checks, missing_lines
from lending.catalog.queries.copies import (
    copies,
    copies_of_title,
    copy,
    copy_by_code,
    copy_id_by_code,
)

__all__ = [
    "checklist",
    "copies",
    "copies_of_title",
    "copy",
    "copy_by_code",
    "copy_id_by_code",
    "last_checks",
    "missing_lines",
]
