"""What schools declare missing or broken before a return."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None

IS_WHOLE = sa.text("line_id is null")


def upgrade() -> None:
    op.create_table(
        "declaration",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=True),
        sa.Column("expected", sa.Integer(), nullable=False),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("broken", sa.Integer(), nullable=False),
        sa.Column("note", sa.String(length=500), server_default="", nullable=False),
        sa.Column("photo_key", sa.String(length=120), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("length(note) <= 500", name=op.f("ck_declaration_note")),
        sa.CheckConstraint("missing + broken <= expected", name=op.f("ck_declaration_no_more_than_there_are")),
        sa.CheckConstraint(
            "missing >= 0 and broken >= 0 and missing + broken > 0", name=op.f("ck_declaration_something")
        ),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_declaration_booking_id")),
        sa.ForeignKeyConstraint(
            ["line_id"], ["content_line.id"], name=op.f("fk_declaration_line_id"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_declaration_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_declaration")),
        sa.UniqueConstraint("booking_id", "line_id", name=op.f("uq_declaration_booking_id_line_id")),
    )
    op.create_index("ix_declaration_line_id", "declaration", ["line_id"])
    op.create_index(
        "uq_declaration_whole",
        "declaration",
        ["booking_id"],
        unique=True,
        sqlite_where=IS_WHOLE,
        postgresql_where=IS_WHOLE,
    )


def downgrade() -> None:
    op.drop_table("declaration")
