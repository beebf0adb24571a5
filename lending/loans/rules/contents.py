"""What was found in a copy against what should be there."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from lending.loans.rules.desk_errors import BadCount, UnknownContentLine

MAX_COUNT = 9999


@dataclass(frozen=True, slots=True)
class ExpectedLine:
    """A line of the checklist."""

    line_id: int
    name: str
    quantity: int
    is_consumable: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """A line on which the count differs."""

    line: ExpectedLine
    found: int

    @property
    def missing(self) -> int:
        """How many are missing; 0 when there are more than expected."""
        return max(0, self.line.quantity - self.found)


@dataclass(frozen=True, slots=True)
class Assessment:
    """The outcome of a look into a copy."""

    differences: tuple[Difference, ...]

    @property
    def missing(self) -> tuple[Difference, ...]:
        """What keeps the copy from being lent. Consumables are there to be used up."""
        return tuple(d for d in self.differences if d.missing and not d.line.is_consumable)

    @property
    def is_complete(self) -> bool:
        """Whether the copy can be lent again at once."""
        return not self.missing


def assess(expected: Sequence[ExpectedLine], found: Mapping[int, int]) -> Assessment:
    """Compare; a line that is not in `found` was ticked as complete. Raises UnknownContentLine, BadCount."""
    by_id = {line.line_id: line for line in expected}
    for line_id, count in found.items():
        if line_id not in by_id:
            raise UnknownContentLine(line_id=line_id)
        if not 0 <= count <= MAX_COUNT:
            raise BadCount(line_id=line_id, line_name=by_id[line_id].name)
    return Assessment(
        tuple(
            Difference(line, found[line.line_id])
            for line in expected
            if found.get(line.line_id, line.quantity) != line.quantity
        )
    )
