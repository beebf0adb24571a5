"""How loans travel to schools and back."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "delivery",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("way", sa.String(length=4), nullable=False),
        sa.Column("mode", sa.String(length=12), nullable=False),
        sa.Column("carrier", sa.String(length=120), nullable=False),
        sa.Column("tracking_number", sa.String(length=60), nullable=False),
        sa.Column("street", sa.String(length=200), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_by", sa.Integer(), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("confirmed_by", sa.Integer(), nullable=True),
        sa.CheckConstraint("way in ('out', 'back')", name=op.f("ck_delivery_way")),
        sa.CheckConstraint("mode in ('handed_over', 'round', 'carrier', 'meeting')", name=op.f("ck_delivery_mode")),
        sa.CheckConstraint("way = 'back' or mode <> 'carrier' or street <> ''", name=op.f("ck_delivery_street")),
        sa.CheckConstraint(
            "arrived_at is null or (way = 'out' and arrived_at >= sent_at)", name=op.f("ck_delivery_arrived")
        ),
        sa.CheckConstraint("confirmed_by is null or arrived_at is not null", name=op.f("ck_delivery_confirmed")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_delivery_booking_id")),
        sa.ForeignKeyConstraint(["confirmed_by"], ["person.id"], name=op.f("fk_delivery_confirmed_by")),
        sa.ForeignKeyConstraint(["sent_by"], ["person.id"], name=op.f("fk_delivery_sent_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
        sa.UniqueConstraint("booking_id", "way", name=op.f("uq_delivery_booking_id_way")),
    )
    op.create_table(
        "delivery_gap",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("delivery_id", sa.Integer(), nullable=False),
        sa.Column("line_id", sa.Integer(), nullable=True),
        sa.Column("missing", sa.Integer(), nullable=False),
        sa.Column("broken", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "missing >= 0 and broken >= 0 and missing + broken > 0", name=op.f("ck_delivery_gap_something")
        ),
        sa.ForeignKeyConstraint(["delivery_id"], ["delivery.id"], name=op.f("fk_delivery_gap_delivery_id")),
        sa.ForeignKeyConstraint(
            ["line_id"], ["content_line.id"], name=op.f("fk_delivery_gap_line_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery_gap")),
        sa.UniqueConstraint("delivery_id", "line_id", name=op.f("uq_delivery_gap_delivery_id_line_id")),
    )
    op.create_index(op.f("ix_delivery_gap_line_id"), "delivery_gap", ["line_id"])
    op.create_index(
        "uq_delivery_gap_whole",
        "delivery_gap",
        ["delivery_id"],
        unique=True,
        sqlite_where=sa.text("line_id is null"),
        postgresql_where=sa.text("line_id is null"),
    )


def downgrade() -> None:
    op.drop_table("delivery_gap")
    op.drop_table("delivery")
