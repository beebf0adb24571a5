"""A question about a list, asked about one: most lists that a page or a scan asks about have a single item.

SQLAlchemy spells a list out anew for each execution, which doubles the time of a small statement; and a server
prepares the statement once for each length.
"""

from functools import lru_cache
from typing import Any

from sqlalchemy import BindParameter, Executable, bindparam
from sqlalchemy.sql import operators, visitors
from sqlalchemy.sql.elements import BinaryExpression, Tuple

QUESTIONS_REMEMBERED = 500


def narrowed(question: Executable, facts: dict[str, object]) -> tuple[Executable, dict[str, object]]:
    """The question and its facts, with each list of one as its single item."""
    names = frozenset(name for name, value in facts.items() if isinstance(value, list) and len(value) == 1)
    if not names:
        return question, facts
    narrow, names = _about_one(question, names)
    return narrow, {name: value[0] if name in names else value for name, value in facts.items()}  # type: ignore[index]  # those are lists


@lru_cache(QUESTIONS_REMEMBERED)
def _about_one(question: Any, names: frozenset[str]) -> tuple[Any, frozenset[str]]:
    """The question about single items, and the names of those that are: what is no plain list stays one."""

    def replace(element: Any, **_: object) -> Any:
        return _compared(element) if _is_list(element) and element.right.key in names else None

    narrow = visitors.replacement_traverse(question, {}, replace)
    left = {one.key for one in visitors.iterate(narrow) if isinstance(one, BindParameter) and one.expanding}
    return (narrow, names) if left.isdisjoint(names) else (question, frozenset())


def _is_list(element: Any) -> bool:
    is_comparison = isinstance(element, BinaryExpression) and element.operator is operators.in_op
    return is_comparison and isinstance(element.right, BindParameter) and not isinstance(element.left, Tuple)


def _compared(element: Any) -> Any:
    return element.left == bindparam(element.right.key, type_=element.right.type)
