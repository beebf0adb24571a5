"""The filter language of Meilisearch, the part that is sent by us; anything else is refused as the server would."""

import math
import re
from collections.abc import Callable
from typing import Any

Document = dict[str, Any]
Check = Callable[[Document], bool]
TOKEN = re.compile(r"""\s*(?:("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(!=|>=|<=|[=><()\[\],])|([^\s=<>!()\[\],"']+))""")
COMPARED: dict[str, Callable[[float, float], bool]] = {
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "<": lambda left, right: left < right,
    "<=": lambda left, right: left <= right,
}
EARTH_METRES = 6_371_000


class BadFilterError(ValueError):
    """What the server answers 400 for."""


def check_of(given: Any, filterable: set[str]) -> Check:
    """What a document must fulfil. Raises BadFilterError."""
    if given is None or given in ("", []):
        return lambda _: True
    if isinstance(given, str):
        return _Parser(given, filterable).whole()
    checks = [
        _any([check_of(one, filterable) for one in clause])
        if isinstance(clause, list)
        else check_of(clause, filterable)
        for clause in given
    ]
    return lambda document: all(check(document) for check in checks)


def values_of(document: Document, name: str) -> list[Any]:
    """The values of an attribute, one or many."""
    value = document.get(name)
    return list(value) if isinstance(value, list) else [] if value is None else [value]


def metres(point: tuple[float, float], document: Document) -> float:
    """How far a document with `_geo` is from a point."""
    place = document.get("_geo")
    if not place:
        return math.inf
    first, second = math.radians(point[0]), math.radians(place["lat"])
    across = math.radians(place["lng"] - point[1])
    half = math.sin((second - first) / 2) ** 2 + math.cos(first) * math.cos(second) * math.sin(across / 2) ** 2
    return 2 * EARTH_METRES * math.asin(math.sqrt(half))


def _any(checks: list[Check]) -> Check:
    return lambda document: any(check(document) for check in checks)


class _Parser:
    """Descends through `a AND (b OR NOT c)`."""

    def __init__(self, text: str, filterable: set[str]) -> None:
        self._text, self._filterable = text, filterable
        self._tokens: list[tuple[str, bool]] = []
        place = 0
        while place < len(text.rstrip()):
            found = TOKEN.match(text, place)
            if not found:
                raise BadFilterError(text)
            quoted, sign, plain = found.groups()
            self._tokens.append((quoted[1:-1], True) if quoted else (sign or plain, False))
            place = found.end()
        self._place = 0

    def whole(self) -> Check:
        check = self._either()
        if self._place != len(self._tokens):
            raise BadFilterError(self._text)
        return check

    def _peek(self) -> str:
        if self._place >= len(self._tokens):
            return ""
        token, is_quoted = self._tokens[self._place]
        return "" if is_quoted else token

    def _next(self) -> str:
        if self._place >= len(self._tokens):
            raise BadFilterError(self._text)
        self._place += 1
        return self._tokens[self._place - 1][0]

    def _expect(self, token: str) -> None:
        if self._peek() != token:
            raise BadFilterError(self._text)
        self._place += 1

    def _either(self) -> Check:
        checks = [self._both()]
        while self._peek() == "OR":
            self._place += 1
            checks.append(self._both())
        return _any(checks)

    def _both(self) -> Check:
        checks = [self._single()]
        while self._peek() == "AND":
            self._place += 1
            checks.append(self._single())
        return lambda document: all(check(document) for check in checks)

    def _single(self) -> Check:
        if self._peek() == "NOT":
            self._place += 1
            inner = self._single()
            return lambda document: not inner(document)
        if self._peek() == "(":
            self._place += 1
            inner = self._either()
            self._expect(")")
            return inner
        return self._condition()

    def _condition(self) -> Check:
        name = self._next()
        if name == "_geoRadius":
            return self._radius()
        if name not in self._filterable:
            msg = f"Attribute `{name}` is not filterable."
            raise BadFilterError(msg)
        return self._comparison(name)

    def _radius(self) -> Check:
        self._expect("(")
        numbers = [self._number()]
        while self._peek() == ",":
            self._place += 1
            numbers.append(self._number())
        self._expect(")")
        if "_geo" not in self._filterable or len(numbers) < 3:
            msg = "Attribute `_geo` is not filterable."
            raise BadFilterError(msg)
        return lambda document: metres((numbers[0], numbers[1]), document) <= numbers[2]

    def _comparison(self, name: str) -> Check:
        sign = self._next()
        if sign in ("IN", "NOT"):
            if sign == "NOT":
                self._expect("IN")
            wanted = self._list()
            return lambda document: (sign == "IN") == any(_folded(one) in wanted for one in values_of(document, name))
        if sign in ("=", "!="):
            value = _folded(self._next())
            return lambda document: (sign == "=") == any(_folded(one) == value for one in values_of(document, name))
        if sign in COMPARED:
            bound, compare = self._number(), COMPARED[sign]
            return lambda document: any(compare(one, bound) for one in _numbers(document, name))
        if sign == "IS":
            self._expect("NULL")
            return lambda document: name in document and document[name] is None
        if sign == "EXISTS":
            return lambda document: name in document
        self._place -= 1
        low = self._number()
        self._expect("TO")
        high = self._number()
        return lambda document: any(low <= one <= high for one in _numbers(document, name))

    def _list(self) -> set[str]:
        self._expect("[")
        wanted: set[str] = set()
        while self._peek() != "]":
            wanted.add(_folded(self._next()))
            if self._peek() == ",":
                self._place += 1
        self._place += 1
        return wanted

    def _number(self) -> float:
        token = self._next()
        try:
            return float(token)
        except ValueError as error:
            raise BadFilterError(self._text) from error


def _numbers(document: Document, name: str) -> list[float]:
    return [one for one in values_of(document, name) if isinstance(one, int | float)]


def _folded(value: Any) -> str:
    return str(value).lower()
