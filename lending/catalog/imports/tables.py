"""Imports: a file's rows as they were read, what became of each, and how its columns are understood."""

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base


class ImportRun(Base):
    """One file of one association. `headings`, `mapping` and `defaults` are JSON.

    `person_id` is who sent the file, `worker_id` who asked last for it to be applied or undone.
    """

    __tablename__ = "import_run"
    id: Mapped[int] = mapped_column(primary_key=True)
    association_id: Mapped[int] = mapped_column(ForeignKey("association.organisation_id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    worker_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    file_name: Mapped[str] = mapped_column(String(200))
    format: Mapped[str] = mapped_column(String(10))
    state: Mapped[str] = mapped_column(String(10))
    headings: Mapped[str] = mapped_column(Text)
    mapping: Mapped[str] = mapped_column(Text)
    defaults: Mapped[str] = mapped_column(Text)
    created_at: Mapped[dt.datetime]
    applied_at: Mapped[dt.datetime | None]
    undone_at: Mapped[dt.datetime | None]
    __table_args__ = (
        CheckConstraint("format in ('csv', 'xlsx', 'json', 'unimarc', 'marc21', 'isbn')", name="format"),
        CheckConstraint("state in ('unmapped', 'checked', 'applying', 'applied', 'undoing', 'undone')", name="state"),
        Index("ix_import_run_association", "association_id", "id"),
        Index("ix_import_run_state", "state"),
    )


class ImportRow(Base):
    """A row of the file. `cells`, `plan`, `diff`, `problems` and `trace` are JSON.

    `plan` is what applying it does, `trace` what undoing it needs. `title_id` is not a foreign key: the number of a
    title that an undo took away stays.
    """

    __tablename__ = "import_row"
    run_id: Mapped[int] = mapped_column(ForeignKey("import_run.id"), primary_key=True)
    line: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    cells: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(String(200), default="")
    outcome: Mapped[str] = mapped_column(String(8))
    title_id: Mapped[int | None]
    plan: Mapped[str | None] = mapped_column(Text)
    diff: Mapped[str] = mapped_column(Text, default="[]")
    problems: Mapped[str] = mapped_column(Text, default="[]")
    step: Mapped[str] = mapped_column(String(8))
    trace: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (
        CheckConstraint("outcome in ('new', 'changed', 'same', 'refused')", name="outcome"),
        CheckConstraint("step in ('none', 'waiting', 'done', 'undone', 'kept')", name="step"),
        Index("ix_import_row_step", "run_id", "step", "line"),
        Index("ix_import_row_outcome", "run_id", "outcome", "line"),
        Index("ix_import_row_title", "title_id"),
    )


class ImportMapping(Base):
    """How an association understood a row of headings last time. `signature` is their digest."""

    __tablename__ = "import_mapping"
    association_id: Mapped[int] = mapped_column(ForeignKey("association.organisation_id"), primary_key=True)
    signature: Mapped[str] = mapped_column(String(64), primary_key=True)
    mapping: Mapped[str] = mapped_column(Text)
    defaults: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[dt.datetime]
