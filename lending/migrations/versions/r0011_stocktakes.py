"""Stocktakes."""

import sqlalchemy as sa
from alembic import op
from lending.migrations.no_way_back import NoWayBackError

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "stocktake",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("depot_id", sa.Integer(), nullable=False),
        sa.Column("shelf", sa.String(length=40), nullable=False),
        sa.Column("state", sa.String(length=6), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('open', 'closed')", name=op.f("ck_stocktake_state")),
        sa.CheckConstraint("(state = 'closed') = (closed_at is not null)", name=op.f("ck_stocktake_closed")),
        sa.ForeignKeyConstraint(["depot_id"], ["depot.id"], name=op.f("fk_stocktake_depot_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name=op.f("fk_stocktake_opened_by")),
        sa.ForeignKeyConstraint(["closed_by"], ["person.id"], name=op.f("fk_stocktake_closed_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stocktake")),
    )
    op.create_index("ix_stocktake_depot_id", "stocktake", ["depot_id"])
    is_open = sa.text("state = 'open'")
    op.create_index(
        "uq_stocktake_open",
        "stocktake",
        ["depot_id", "shelf"],
        unique=True,
        sqlite_where=is_open,
        postgresql_where=is_open,
    )
    op.create_table(
        "stocktake_scan",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("stocktake_id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=100), nullable=False),
        sa.Column("code", sa.String(length=60), nullable=False),
        sa.Column("copy_id", sa.Integer(), nullable=True),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("code <> ''", name=op.f("ck_stocktake_scan_code")),
        sa.ForeignKeyConstraint(["stocktake_id"], ["stocktake.id"], name=op.f("fk_stocktake_scan_stocktake_id")),
        sa.ForeignKeyConstraint(["copy_id"], ["copy.id"], name=op.f("fk_stocktake_scan_copy_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_stocktake_scan_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stocktake_scan")),
        sa.UniqueConstraint("stocktake_id", "key", name=op.f("uq_stocktake_scan_stocktake_id_key")),
    )
    op.create_index("ix_stocktake_scan_copy_id", "stocktake_scan", ["copy_id"])
    op.create_table(
        "stocktake_line",
        sa.Column("stocktake_id", sa.Integer(), nullable=False),
        sa.Column("copy_id", sa.Integer(), nullable=False),
        sa.Column("finding", sa.String(length=14), nullable=False),
        sa.CheckConstraint(
            "finding in ('counted', 'out', 'handled', 'missing', 'misplaced', 'should_be_out', 'found_again')",
            name=op.f("ck_stocktake_line_finding"),
        ),
        sa.ForeignKeyConstraint(["stocktake_id"], ["stocktake.id"], name=op.f("fk_stocktake_line_stocktake_id")),
        sa.ForeignKeyConstraint(["copy_id"], ["copy.id"], name=op.f("fk_stocktake_line_copy_id")),
        sa.PrimaryKeyConstraint("stocktake_id", "copy_id", name=op.f("pk_stocktake_line")),
    )
    op.create_index("ix_stocktake_line_copy_id", "stocktake_line", ["copy_id"])


def downgrade() -> None:
    raise NoWayBackError("what was counted would be lost")
