"""Copies that go on from school to school."""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

STANDING = sa.text("cancelled_at is null")
WHOLE = sa.text("line_id is null")


def upgrade() -> None:
    op.create_table(
        "relay",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("from_booking_id", sa.Integer(), nullable=False),
        sa.Column("to_booking_id", sa.Integer(), nullable=False),
        sa.Column("mode", sa.String(length=12), nullable=False),
        sa.Column("carrier", sa.String(length=120), nullable=False),
        sa.Column("tracking_number", sa.String(length=60), nullable=False),
        sa.Column("agreed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("agreed_by", sa.Integer(), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("given_by", sa.Integer(), nullable=True),
        sa.Column("taken_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("taken_by", sa.Integer(), nullable=True),
        sa.Column("cancelled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancelled_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("from_booking_id <> to_booking_id", name=op.f("ck_relay_two")),
        sa.CheckConstraint("mode in ('handed_over', 'round', 'carrier', 'meeting')", name=op.f("ck_relay_mode")),
        sa.CheckConstraint("given_at is null or given_at >= agreed_at", name=op.f("ck_relay_given")),
        sa.CheckConstraint(
            "taken_at is null or (given_at is not null and taken_at >= given_at)", name=op.f("ck_relay_taken")
        ),
        sa.CheckConstraint(
            "cancelled_at is null or (taken_at is null and cancelled_at >= coalesce(given_at, agreed_at))",
            name=op.f("ck_relay_cancelled"),
        ),
        sa.CheckConstraint("given_by is null or given_at is not null", name=op.f("ck_relay_who_gave")),
        sa.CheckConstraint("taken_by is null or taken_at is not null", name=op.f("ck_relay_who_took")),
        sa.CheckConstraint("cancelled_by is null or cancelled_at is not null", name=op.f("ck_relay_who_cancelled")),
        sa.ForeignKeyConstraint(["from_booking_id"], ["booking.id"], name=op.f("fk_relay_from_booking_id")),
        sa.ForeignKeyConstraint(["to_booking_id"], ["booking.id"], name=op.f("fk_relay_to_booking_id")),
        sa.ForeignKeyConstraint(["agreed_by"], ["person.id"], name=op.f("fk_relay_agreed_by")),
        sa.ForeignKeyConstraint(["given_by"], ["person.id"], name=op.f("fk_relay_given_by")),
        sa.ForeignKeyConstraint(["taken_by"], ["person.id"], name=op.f("fk_relay_taken_by")),
        sa.ForeignKeyConstraint(["cancelled_by"], ["person.id"], name=op.f("fk_relay_cancelled_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relay")),
    )
    op.create_index(op.f("ix_relay_from_booking_id"), "relay", ["from_booking_id"])
    op.create_index(op.f("ix_relay_to_booking_id"), "relay", ["to_booking_id"])
    for name, column in (("uq_relay_from", "from_booking_id"), ("uq_relay_to", "to_booking_id")):
        op.create_index(name, "relay", [column], unique=True, sqlite_where=STANDING, postgresql_where=STANDING)
    op.create_table(
        "relay_gap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("relay_id", sa.Integer(), nullable=False),
        sa.Column("hand", sa.String(length=5), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=True),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("broken", sa.Integer(), nullable=False),
        sa.CheckConstraint("hand in ('given', 'taken')", name=op.f("ck_relay_gap_hand")),
        sa.CheckConstraint(
            "missing >= 0 and broken >= 0 and missing + broken > 0", name=op.f("ck_relay_gap_something")
        ),
        sa.ForeignKeyConstraint(["relay_id"], ["relay.id"], name=op.f("fk_relay_gap_relay_id")),
        sa.ForeignKeyConstraint(
            ["line_id"], ["content_line.id"], name=op.f("fk_relay_gap_line_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_relay_gap")),
        sa.UniqueConstraint("relay_id", "hand", "line_id", name=op.f("uq_relay_gap_relay_id_hand_line_id")),
    )
    op.create_index(op.f("ix_relay_gap_line_id"), "relay_gap", ["line_id"])
    op.create_index(
        "uq_relay_gap_whole",
        "relay_gap",
        ["relay_id", "hand"],
        unique=True,
        sqlite_where=WHOLE,
        postgresql_where=WHOLE,
    )


def downgrade() -> None:
    op.drop_table("relay_gap")
    op.drop_table("relay")
