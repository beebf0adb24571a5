"""Copies that stand in trunks."""

import sqlalchemy as sa
from alembic import op
from lending.migrations.no_way_back import NoWayBackError

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("uq_copy_id_status", "copy", ["id", "status"], unique=True)
    op.create_table(
        "placed_copy",
        sa.Column("copy_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("copy_status", sa.String(length=10), nullable=False),
        sa.Column("trunk_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=True),
        sa.Column("placed_by", sa.Integer(), nullable=True),
        sa.Column("placed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("copy_id <> trunk_id", name=op.f("ck_placed_copy_apart")),
        sa.CheckConstraint("copy_status = 'blocked'", name=op.f("ck_placed_copy_status")),
        sa.ForeignKeyConstraint(
            ["copy_id", "copy_status"], ["copy.id", "copy.status"], name=op.f("fk_placed_copy_copy_id_copy_status")
        ),
        sa.ForeignKeyConstraint(["trunk_id"], ["copy.id"], name=op.f("fk_placed_copy_trunk_id")),
        sa.ForeignKeyConstraint(
            ["line_id"], ["content_line.id"], name=op.f("fk_placed_copy_line_id"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["placed_by"], ["person.id"], name=op.f("fk_placed_copy_placed_by")),
        sa.PrimaryKeyConstraint("copy_id", name=op.f("pk_placed_copy")),
    )
    op.create_index("ix_placed_copy_line_id", "placed_copy", ["line_id"])
    op.create_index("ix_placed_copy_trunk_id", "placed_copy", ["trunk_id"])


def downgrade() -> None:
    raise NoWayBackError("it would not be known any more what stands where")
