"""Photos and action sheets."""

import sqlalchemy as sa
from alembic import op
from lending.migrations.no_way_back import NoWayBackError

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "photo",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("title_id", sa.Integer(), nullable=True),
        sa.Column("line_id", sa.Integer(), nullable=True),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("media_key", sa.String(length=120), nullable=False),
        sa.Column("caption", sa.String(length=300), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(title_id is null) <> (line_id is null)", name=op.f("ck_photo_one_place")),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_photo_added_by")),
        sa.ForeignKeyConstraint(["line_id"], ["content_line.id"], name=op.f("fk_photo_line_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["title_id"], ["title.id"], name=op.f("fk_photo_title_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_photo")),
        sa.UniqueConstraint("line_id", name=op.f("uq_photo_line_id")),
        sa.UniqueConstraint("title_id", "media_key", name=op.f("uq_photo_title_id_media_key")),
    )
    op.create_index("ix_photo_media_key", "photo", ["media_key"])
    op.create_table(
        "document_detail",
        sa.Column("document_id", sa.Integer(), nullable=False),
        sa.Column("audience", sa.String(length=8), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("preview_key", sa.String(length=120), nullable=True),
        sa.Column("downloads", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.Integer(), nullable=True),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("audience in ('all', 'members')", name=op.f("ck_document_detail_audience")),
        sa.CheckConstraint("downloads >= 0", name=op.f("ck_document_detail_downloads")),
        sa.ForeignKeyConstraint(["added_by"], ["person.id"], name=op.f("fk_document_detail_added_by")),
        sa.ForeignKeyConstraint(
            ["document_id"], ["document.id"], name=op.f("fk_document_detail_document_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("document_id", name=op.f("pk_document_detail")),
    )
    op.create_table(
        "companion",
        sa.Column("sheet_id", sa.Integer(), nullable=False),
        sa.Column("title_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("sheet_id <> title_id", name=op.f("ck_companion_two_titles")),
        sa.ForeignKeyConstraint(["sheet_id"], ["title.id"], name=op.f("fk_companion_sheet_id"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["title_id"], ["title.id"], name=op.f("fk_companion_title_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("sheet_id", "title_id", name=op.f("pk_companion")),
    )
    op.create_index("ix_companion_title_id", "companion", ["title_id"])


def downgrade() -> None:
    raise NoWayBackError("what was written down would be lost")
