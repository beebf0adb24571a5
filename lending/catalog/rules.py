"""Pure rules of the catalogue: who sees a title, what a contents check says, which states a copy may take."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from stdnum import ean as ean_number
from stdnum import isbn as isbn_number
from stdnum.exceptions import ValidationError

from lending.catalog.errors import (
    MOST_COPIES_AT_ONCE,
    BadAges,
    BadCopyCount,
    BadFoundCount,
    BadIsbn,
    BadPlayers,
    BlankName,
    CodesExhausted,
    DamagedNotLendable,
    StatusNotReachable,
    UnknownContentLine,
    VersionChanged,
)
from lending.catalog.number_errors import BadEan
from lending.catalog.states import (
    HELD_BACK,
    PRESENT,
    CheckReason,
    Condition,
    Kind,
    Outcome,
    Status,
    Visibility,
)
from lending.core.actor import Actor, Role
from lending.core.barcodes import make_code

__all__ = [
    "HELD_BACK",
    "LAST_SERIAL",
    "PRESENT",
    "REACHABLE",
    "CheckReason",
    "Condition",
    "Expected",
    "Kind",
    "Outcome",
    "Shortfall",
    "Status",
    "Visibility",
    "can_see",
    "check_ages",
    "check_found",
    "check_players",
    "check_status",
    "check_version",
    "clean_line",
    "clean_name",
    "clean_text",
    "codes_from",
    "outcome_of",
    "parse_ean",
    "parse_isbn",
    "serial_of",
    "shortfalls",
    "with_whole_cycles",
]

LAST_SERIAL = 99_999
# The usual one, the American one, and the short one of small boxes.
EAN_LENGTHS = (13, 12, 8)


# What was given up comes back through a check only: it is never lendable in one step.
REACHABLE: Mapping[Status, frozenset[Status]] = {
    Status.LENDABLE: frozenset({Status.BLOCKED, Status.REPAIR, Status.LOST, Status.WITHDRAWN}),
    Status.BLOCKED: frozenset({Status.LENDABLE, Status.REPAIR, Status.LOST, Status.WITHDRAWN}),
    Status.REPAIR: frozenset({Status.LENDABLE, Status.BLOCKED, Status.LOST, Status.WITHDRAWN}),
    Status.LOST: frozenset({Status.LENDABLE, Status.BLOCKED, Status.REPAIR, Status.WITHDRAWN}),
    Status.WITHDRAWN: frozenset({Status.BLOCKED}),
}


@dataclass(frozen=True)
class Expected:
    """A line of the checklist."""

    line_id: int
    name: str
    quantity: int
    is_consumable: bool = False


@dataclass(frozen=True)
class Shortfall:
    """A line of which less was found than there should be."""

    line: Expected
    found: int

    @property
    def missing(self) -> int:
        """How many are not there."""
        return self.line.quantity - self.found


def can_see(actor: Actor, visibility: str, owner_path: str) -> bool:
    """Whether a person may know that a title exists. What is not published is for the owner's staff."""
    return visibility == Visibility.PUBLISHED or actor.covers(owner_path, Role.STAFF)


def check_found(lines: Collection[Expected], found_by_line: Mapping[int, int]) -> None:
    """Raise UnknownContentLine or BadFoundCount unless the counts can belong to the checklist."""
    names = {line.line_id: line.name for line in lines}
    for line_id, found in found_by_line.items():
        if line_id not in names:
            raise UnknownContentLine(line_id=line_id)
        if found < 0:
            raise BadFoundCount(name=names[line_id], found=found)


def shortfalls(lines: Iterable[Expected], found_by_line: Mapping[int, int]) -> list[Shortfall]:
    """What is missing, in the checklist's order. A line that nobody counted was all there."""
    counted = (Shortfall(line, found_by_line.get(line.line_id, line.quantity)) for line in lines)
    return [one for one in counted if one.missing > 0]


def outcome_of(missing: Iterable[Shortfall]) -> Outcome:
    """Incomplete when something is missing that should come back; consumables are used up and refilled."""
    owed = any(not one.line.is_consumable for one in missing)
    return Outcome.INCOMPLETE if owed else Outcome.COMPLETE


def check_status(present: str, wanted: str, condition: str) -> None:
    """Raise StatusNotReachable or DamagedNotLendable unless a copy may pass to `wanted`."""
    if wanted != present and Status(wanted) not in REACHABLE[Status(present)]:
        raise StatusNotReachable(present=present, wanted=wanted)
    if wanted == Status.LENDABLE and condition == Condition.DAMAGED:
        raise DamagedNotLendable


def parse_isbn(raw: str | None) -> str | None:
    """Thirteen digits; ten are converted; nothing stays nothing. Raises BadIsbn."""
    if raw is None or not raw.strip():
        return None
    try:
        return str(isbn_number.validate(raw, convert=True))
    except ValidationError as error:
        raise BadIsbn(isbn=raw[:30]) from error


def parse_ean(raw: str | None) -> str | None:
    """Thirteen digits; twelve or eight get the zeros that they lack; nothing stays nothing. Raises BadEan."""
    if raw is None or not raw.strip():
        return None
    digits = ean_number.compact(raw)
    if len(digits) not in EAN_LENGTHS:
        raise BadEan(ean=raw[:30])
    try:
        return str(ean_number.validate(digits.zfill(13)))
    except ValidationError as error:
        raise BadEan(ean=raw[:30]) from error


def clean_name(raw: str) -> str:
    """One line without control characters or doubled spaces. Raises BlankName."""
    text = clean_line(raw)
    if not text:
        raise BlankName
    return text


def clean_line(raw: str) -> str:
    """One line without control characters or doubled spaces. May be empty."""
    return " ".join("".join(c if c.isprintable() else " " for c in raw).split())


def clean_text(raw: str) -> str:
    """Several lines without control characters, which PostgreSQL refuses."""
    return "\n".join(clean_line(line) for line in raw.splitlines()).strip()


def check_ages(lowest: int | None, highest: int | None) -> None:
    """Raise BadAges when they are the wrong way round."""
    if lowest is not None and highest is not None and lowest > highest:
        raise BadAges(lowest=lowest, highest=highest)


def check_players(lowest: int | None, highest: int | None) -> None:
    """Raise BadPlayers when they are the wrong way round."""
    if lowest is not None and highest is not None and lowest > highest:
        raise BadPlayers(lowest=lowest, highest=highest)


def check_version(present: int, wanted: int | None) -> None:
    """Raise VersionChanged unless `wanted` is the present version; None asks for no check."""
    if wanted is not None and wanted != present:
        raise VersionChanged(version=present)


def codes_from(association_number: int, last_serial: int, count: int) -> list[str]:
    """The next `count` codes of an association. Raises BadCopyCount, CodesExhausted."""
    if not 1 <= count <= MOST_COPIES_AT_ONCE:
        raise BadCopyCount
    if last_serial + count > LAST_SERIAL:
        raise CodesExhausted
    return [make_code(association_number, last_serial + n) for n in range(1, count + 1)]


def serial_of(code: str) -> int:
    """The serial number inside one of our own codes."""
    return int(code[3:8])


def with_whole_cycles(codes: Collection[str], levels: Sequence[tuple[str, str | None]]) -> list[str]:
    """Levels in the vocabulary's order, where all the levels of a cycle give way to the cycle.

    `levels` holds (code, parent's code) in order. A code that the vocabulary lacks comes last.
    """
    children: dict[str, set[str]] = {}
    for code, parent in levels:
        if parent is not None:
            children.setdefault(parent, set()).add(code)
    whole = {cycle for cycle, members in children.items() if cycle in codes or members <= set(codes)}
    covered = {code for cycle in whole for code in children[cycle]}
    shown = (set(codes) | whole) - covered
    known = [code for code, _ in levels]
    return [code for code in known if code in shown] + sorted(shown - set(known))
