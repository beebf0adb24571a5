"""Titles of the four kinds, what is in a trunk, the copies, and what was found in them at each check."""

import datetime as dt

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
)
from sqlalchemy.orm import Mapped, mapped_column

from lending.core.database import Base


class Title(Base):
    """A catalogue entry: a trunk, a game, a book or an action sheet.

    `reference` is the owner's own number, `ean` the box's; of a local title only the owner has copies.
    """

    __tablename__ = "title"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(8))
    owner_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    subtitle: Mapped[str] = mapped_column(String(200), default="")
    summary: Mapped[str] = mapped_column(Text, default="")
    authors: Mapped[str] = mapped_column(String(300), default="")
    publisher: Mapped[str] = mapped_column(String(120), default="")
    isbn: Mapped[str | None] = mapped_column(String(13))
    ean: Mapped[str | None] = mapped_column(String(13))
    reference: Mapped[str | None] = mapped_column(String(40))
    is_local: Mapped[bool] = mapped_column(default=False, server_default=false())
    game_kind: Mapped[str | None] = mapped_column(String(40))
    language: Mapped[str] = mapped_column(String(3), default="fr")
    published_year: Mapped[int | None]
    min_age: Mapped[int | None]
    max_age: Mapped[int | None]
    min_players: Mapped[int | None]
    max_players: Mapped[int | None]
    duration_minutes: Mapped[int | None]
    visibility: Mapped[str] = mapped_column(String(10), default="draft")
    picture: Mapped[str | None] = mapped_column(String(120))
    version: Mapped[int] = mapped_column(default=1)
    created_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]
    __table_args__ = (
        CheckConstraint("kind in ('trunk', 'game', 'book', 'sheet')", name="kind"),
        CheckConstraint("visibility in ('draft', 'published', 'archived')", name="visibility"),
        CheckConstraint("name <> ''", name="name"),
        CheckConstraint("min_age is null or max_age is null or min_age <= max_age", name="ages"),
        CheckConstraint(
            "min_players is null or max_players is null or min_players <= max_players",
            name="players",
        ),
        CheckConstraint("duration_minutes is null or duration_minutes > 0", name="duration"),
        CheckConstraint("isbn is null or length(isbn) = 13", name="isbn"),
        CheckConstraint("ean is null or length(ean) = 13", name="ean"),
        Index("ix_title_visibility_name", "visibility", "name"),
        Index("uq_title_owner_reference", "owner_id", "reference", unique=True),
    )


class Term(Base):
    """A word of a controlled vocabulary; an edited one is not brought up to date from the product's file."""

    __tablename__ = "term"
    vocabulary: Mapped[str] = mapped_column(String(10), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    label_fr: Mapped[str] = mapped_column(String(120))
    label_en: Mapped[str] = mapped_column(String(120))
    rank: Mapped[int]
    parent: Mapped[str | None] = mapped_column(String(40))
    scolomfr: Mapped[str | None] = mapped_column(String(40))
    is_edited: Mapped[bool] = mapped_column(default=False, server_default=false())
    version: Mapped[int] = mapped_column(default=1, server_default="1")
    __table_args__ = (
        CheckConstraint("vocabulary in ('level', 'theme', 'game_kind')", name="vocabulary"),
        Index("uq_term_vocabulary_label_fr", "vocabulary", "label_fr", unique=True),
    )


class TitleLevel(Base):
    """A level that a title is meant for (a code of the vocabulary `level`)."""

    __tablename__ = "title_level"
    title_id: Mapped[int] = mapped_column(ForeignKey("title.id"), primary_key=True)
    level: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)


class TitleTheme(Base):
    """A theme of a title (a code of the vocabulary `theme`)."""

    __tablename__ = "title_theme"
    title_id: Mapped[int] = mapped_column(ForeignKey("title.id"), primary_key=True)
    theme: Mapped[str] = mapped_column(String(40), primary_key=True, index=True)


class ContentSection(Base):
    """A part of a trunk's checklist, such as « Livres »."""

    __tablename__ = "content_section"
    id: Mapped[int] = mapped_column(primary_key=True)
    title_id: Mapped[int] = mapped_column(ForeignKey("title.id"))
    rank: Mapped[int]
    name: Mapped[str] = mapped_column(String(120))
    __table_args__ = (UniqueConstraint("title_id", "rank"),)


class ContentLine(Base):
    """What should be in the trunk, and how many of it. Values are in euro cents."""

    __tablename__ = "content_line"
    id: Mapped[int] = mapped_column(primary_key=True)
    section_id: Mapped[int] = mapped_column(ForeignKey("content_section.id"))
    rank: Mapped[int]
    name: Mapped[str] = mapped_column(String(200))
    quantity: Mapped[int] = mapped_column(default=1)
    is_consumable: Mapped[bool] = mapped_column(default=False)
    value_cents: Mapped[int | None]
    __table_args__ = (
        UniqueConstraint("section_id", "rank"),
        CheckConstraint("quantity > 0", name="quantity"),
        CheckConstraint("value_cents is null or value_cents >= 0", name="value"),
    )


class Document(Base):
    """A file that belongs to a title, such as an action sheet's PDF."""

    __tablename__ = "document"
    id: Mapped[int] = mapped_column(primary_key=True)
    title_id: Mapped[int] = mapped_column(ForeignKey("title.id"), index=True)
    name: Mapped[str] = mapped_column(String(200))
    media_type: Mapped[str] = mapped_column(String(80))
    media_key: Mapped[str] = mapped_column(String(120))
    page_count: Mapped[int | None]
    byte_size: Mapped[int]


class Copy(Base):
    """One thing on a shelf. Its code is on the label; `depot_id` is where it belongs."""

    __tablename__ = "copy"
    id: Mapped[int] = mapped_column(primary_key=True)
    title_id: Mapped[int] = mapped_column(ForeignKey("title.id"), index=True)
    code: Mapped[str] = mapped_column(String(30))
    owner_id: Mapped[int] = mapped_column(ForeignKey("association.organisation_id"), index=True)
    depot_id: Mapped[int] = mapped_column(ForeignKey("depot.id"), index=True)
    shelf: Mapped[str] = mapped_column(String(40), default="")
    condition: Mapped[str] = mapped_column(String(8), default="good")
    status: Mapped[str] = mapped_column(String(10), default="lendable")
    note: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(default=1)
    __table_args__ = (
        UniqueConstraint("code"),
        UniqueConstraint("id", "title_id"),
        # What stands in a trunk points at both, so that it cannot become lendable alone.
        Index("uq_copy_id_status", "id", "status", unique=True),
        CheckConstraint("condition in ('new', 'good', 'worn', 'damaged')", name="condition"),
        CheckConstraint(
            "status in ('lendable', 'blocked', 'repair', 'lost', 'withdrawn')",
            name="status",
        ),
        CheckConstraint("code <> ''", name="code"),
    )


class CopyAlias(Base):
    """Another code that means a copy: an old number, an EAN on the box."""

    __tablename__ = "copy_alias"
    code: Mapped[str] = mapped_column(String(60), primary_key=True)
    copy_id: Mapped[int] = mapped_column(ForeignKey("copy.id"), index=True)


class ContentsCheck(Base):
    """A dated look into a copy: responsibility for what is missing falls between two of them."""

    __tablename__ = "contents_check"
    id: Mapped[int] = mapped_column(primary_key=True)
    copy_id: Mapped[int] = mapped_column(ForeignKey("copy.id"))
    reason: Mapped[str] = mapped_column(String(10))
    outcome: Mapped[str] = mapped_column(String(10))
    lendable_though_incomplete: Mapped[bool] = mapped_column(default=False, server_default=false())
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    note: Mapped[str] = mapped_column(Text, default="")
    checked_at: Mapped[dt.datetime]
    __table_args__ = (
        CheckConstraint(
            "reason in ('purchase', 'departure', 'return', 'stocktake', 'repair')",
            name="reason",
        ),
        CheckConstraint("outcome in ('complete', 'incomplete')", name="outcome"),
        CheckConstraint("outcome = 'incomplete' or not lendable_though_incomplete", name="lendable"),
        Index("ix_contents_check_copy", "copy_id", "checked_at"),
    )


class ContentsCheckLine(Base):
    """What was found of a line; checks of old times hold only lines that were not as they should be."""

    __tablename__ = "contents_check_line"
    check_id: Mapped[int] = mapped_column(ForeignKey("contents_check.id"), primary_key=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("content_line.id"), primary_key=True)
    expected: Mapped[int]
    found: Mapped[int]
    __table_args__ = (CheckConstraint("found >= 0 and expected > 0", name="counts"),)
