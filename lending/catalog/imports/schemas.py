"""What imports give and take, and what is kept of a row between the check and its undoing."""

import datetime as dt
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

Format = Literal["csv", "xlsx", "json", "unimarc", "marc21", "isbn"]
State = Literal["unmapped", "checked", "applying", "applied", "undoing", "undone"]
Outcome = Literal["new", "changed", "same", "refused"]
Step = Literal["none", "waiting", "done", "undone", "kept"]


class Defaults(msgspec.Struct, frozen=True, kw_only=True):
    """What counts where a row says nothing. `count` = copies of a row that gives neither a code nor a number."""

    kind: Literal["trunk", "game", "book", "sheet"] | None = None
    depot_id: Annotated[int, Meta(ge=1, le=2**31 - 1)] | None = None
    count: Annotated[int, Meta(ge=0, le=1)] = 0


class CopyPlan(msgspec.Struct, frozen=True, kw_only=True):
    """A copy that a row speaks of. Without `copy_id` it is to be added; None = the row does not say."""

    code: str | None = None
    copy_id: int | None = None
    version: int | None = None
    other_codes: list[str] = []
    depot_id: int | None = None
    shelf: str | None = None
    condition: str | None = None


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What a row does when it is applied. `lead_line` is the row that makes the title, where it is another one."""

    title_id: int | None = None
    version: int | None = None
    lead_line: int | None = None
    kind: str | None = None
    facts: dict[str, Any] = {}
    contents: str | None = None
    copies: list[CopyPlan] = []
    added: CopyPlan | None = None
    wanted_count: int = 0

    @property
    def changes_title(self) -> bool:
        """Whether the title is made or edited by this row."""
        return self.lead_line is None and (self.title_id is None or bool(self.facts) or self.contents is not None)


class CopyTrace(msgspec.Struct, frozen=True, kw_only=True):
    """A copy that was added (without `before`) or changed; the version that it had then, and `base_version` before."""

    copy_id: int
    version: int
    base_version: int | None = None
    before: dict[str, Any] | None = None


class Trace(msgspec.Struct, frozen=True, kw_only=True):
    """What was done, so that it can be undone: the title's facts before, copies, other codes.

    `version` is the title's after this, `base_version` the one before it.
    """

    title_id: int
    is_new: bool = False
    version: int | None = None
    base_version: int | None = None
    before: dict[str, Any] = {}
    contents: str | None = None
    copies: list[CopyTrace] = []
    aliases: list[str] = []


class Difference(msgspec.Struct, frozen=True):
    """One thing that a row changes: the column's code, what stands there now, what will."""

    column: str
    before: str
    after: str


class RowProblem(msgspec.Struct, frozen=True, kw_only=True):
    """What is wrong in a row: code of the reason, column of the file, and both in words."""

    reason: str
    column: str
    column_label: str
    value: str
    message: str


class RowView(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the file and what becomes of it. `line` counts the file's lines, or its records."""

    line: int
    name: str
    outcome: Outcome
    step: Step
    title_id: int | None
    differences: list[Difference]
    problems: list[RowProblem]


class RowCounts(msgspec.Struct, frozen=True, kw_only=True):
    """How many rows there are of each outcome, and how far the work is."""

    rows: int = 0
    new: int = 0
    changed: int = 0
    same: int = 0
    refused: int = 0
    waiting: int = 0
    done: int = 0
    undone: int = 0
    kept: int = 0


class MappedColumn(msgspec.Struct, frozen=True, kw_only=True):
    """A column of the file: its number from 1, heading, first values, and the code of what it says ('' = ignored)."""

    number: int
    heading: str
    samples: list[str]
    code: str


class RunView(msgspec.Struct, frozen=True, kw_only=True):
    """An import: where it stands, and how its columns are understood."""

    id: int
    association_id: int
    file_name: str
    format: Format
    state: State
    counts: RowCounts
    columns: list[MappedColumn]
    defaults: Defaults
    created_at: dt.datetime
    applied_at: dt.datetime | None
    undone_at: dt.datetime | None


class RunSummary(msgspec.Struct, frozen=True, kw_only=True):
    """An import in a list."""

    id: int
    file_name: str
    format: Format
    state: State
    rows: int
    created_at: dt.datetime


class NewImport(msgspec.Struct, frozen=True, kw_only=True):
    """A file to check. Without `format` its content decides; without the others, memory and guesses do."""

    name: str
    content: bytes
    format: Format | None = None
    mapping: dict[str, str] | None = None
    defaults: Defaults | None = None


class Remapping(msgspec.Struct, frozen=True, kw_only=True):
    """How to understand the columns: code by column number (from 1). What is left out is ignored."""

    mapping: dict[str, str]
    defaults: Defaults = Defaults()


class ApplyImport(msgspec.Struct, frozen=True, kw_only=True):
    """Whether refused rows may be left out; without it nothing is applied while there are any."""

    skip_refused: bool = False
