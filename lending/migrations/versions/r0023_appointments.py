"""Appointments of returns, and how many a depot expects an hour."""

import sqlalchemy as sa
from alembic import op
from lending.migrations.no_way_back import NoWayBackError

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

IS_PLANNED = sa.text("state = 'planned'")


def upgrade() -> None:
    # The check goes in with its column: building the table anew would let go of everything that hangs on a depot.
    op.execute(
        "alter table depot add column max_returns_per_hour integer"
        " constraint ck_depot_max_returns check (max_returns_per_hour > 0)"
    )
    op.create_table(
        "appointment",
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("depot_id", sa.Integer(), nullable=False),
        sa.Column("comes_on", sa.Date(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.Time(), nullable=False),
        sa.Column("ends_at", sa.Time(), nullable=False),
        sa.Column("seat", sa.Integer(), nullable=True),
        sa.Column("seats", sa.Integer(), nullable=True),
        sa.Column("state", sa.String(length=9), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("is_chosen", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("is_before_holidays", sa.Boolean(), server_default=sa.false(), nullable=False),
        sa.Column("brought_by", sa.String(length=80), server_default="", nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('planned', 'cancelled', 'over')", name=op.f("ck_appointment_state")),
        sa.CheckConstraint("hour between 0 and 23", name=op.f("ck_appointment_hour")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_appointment_slot")),
        sa.CheckConstraint("(seat is null) = (seats is null)", name=op.f("ck_appointment_seat_of_seats")),
        sa.CheckConstraint("seat between 1 and seats", name=op.f("ck_appointment_seat")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_appointment_booking_id")),
        sa.ForeignKeyConstraint(["depot_id"], ["depot.id"], name=op.f("fk_appointment_depot_id")),
        sa.PrimaryKeyConstraint("booking_id", name=op.f("pk_appointment")),
    )
    op.create_index(
        "uq_appointment_seat",
        "appointment",
        ["depot_id", "comes_on", "hour", "seat"],
        unique=True,
        sqlite_where=IS_PLANNED,
        postgresql_where=IS_PLANNED,
    )


def downgrade() -> None:
    raise NoWayBackError("what was agreed about returns would be forgotten")
