"""A table for people and, as its last line, one JSON object for programs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

import click
import msgspec

Goal = tuple[Literal["at least", "at most", "exactly"], float]


@dataclass(frozen=True)
class Figure:
    """One thing measured in several ways side by side; without a goal it is there to compare with."""

    name: str
    unit: str
    values: Mapping[str, float]
    goal: Goal | None = None

    @property
    def is_met(self) -> bool | None:
        """Whether every value reaches the goal; None without one."""
        if self.goal is None:
            return None
        sense, bound = self.goal
        compared = {"at least": float.__ge__, "at most": float.__le__, "exactly": float.__eq__}[sense]
        return all(compared(float(value), float(bound)) for value in self.values.values())


@dataclass
class Part:
    """Figures that share their columns."""

    title: str
    columns: Sequence[str]
    figures: list[Figure] = field(default_factory=list)


def print_parts(parts: Sequence[Part]) -> None:
    """All parts below one another, then everything as JSON."""
    for part in parts:
        head = "".join(f"{column:>14}" for column in part.columns)
        click.echo(f"\n{part.title:<62}{head}  {'unit':<10} goal")
        for figure in part.figures:
            click.echo(_line(part, figure))
    click.echo("")
    facts = [_facts(part, figure) for part in parts for figure in part.figures]
    click.echo(msgspec.json.encode({"figures": facts}).decode())


def _line(part: Part, figure: Figure) -> str:
    cells = "".join(f"{_shown(figure.values.get(column)):>14}" for column in part.columns)
    goal = ""
    if figure.goal is not None:
        goal = f"{figure.goal[0]} {figure.goal[1]:g}: {'met' if figure.is_met else 'MISSED'}"
    return f"{figure.name:<62}{cells}  {figure.unit:<10} {goal}"


def _shown(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"


def _facts(part: Part, figure: Figure) -> dict[str, object]:
    goal = {figure.goal[0]: figure.goal[1]} if figure.goal else None
    return {
        "part": part.title,
        "name": figure.name,
        "unit": figure.unit,
        "values": dict(figure.values),
        "goal": goal,
        "is_met": figure.is_met,
    }
