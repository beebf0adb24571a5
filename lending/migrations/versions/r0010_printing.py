"""Blank labels."""

import sqlalchemy as sa
from alembic import op
from lending.migrations.no_way_back import NoWayBackError

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "blank_code",
        sa.Column("code", sa.String(length=10), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("printed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("copy_id", sa.Integer(), nullable=True),
        sa.Column("bound_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("length(code) = 10", name=op.f("ck_blank_code_code")),
        sa.CheckConstraint("(copy_id is null) = (bound_at is null)", name=op.f("ck_blank_code_bound")),
        sa.ForeignKeyConstraint(
            ["association_id"], ["association.organisation_id"], name=op.f("fk_blank_code_association_id")
        ),
        sa.ForeignKeyConstraint(["copy_id"], ["copy.id"], name=op.f("fk_blank_code_copy_id")),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_blank_code")),
    )
    op.create_index("ix_blank_code_association_id", "blank_code", ["association_id"])
    op.create_index("ix_blank_code_copy_id", "blank_code", ["copy_id"])


def downgrade() -> None:
    raise NoWayBackError("codes on labels that hang somewhere would be given out again")
