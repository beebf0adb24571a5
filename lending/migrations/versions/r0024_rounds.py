"""Rounds."""

import sqlalchemy as sa
from alembic import op
from lending.migrations.no_way_back import NoWayBackError

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None

KEPT = sa.text("state <> 'missed'")


def upgrade() -> None:
    op.create_table(
        "round",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("depot_id", sa.Integer(), nullable=False),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("departs_at", sa.Time(), nullable=False),
        sa.Column("returns_by", sa.Time(), nullable=False),
        sa.Column("driver", sa.String(length=120), nullable=False),
        sa.Column("most_parcels", sa.Integer(), nullable=False),
        sa.Column("most_kg", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("back_at", sa.Time(), nullable=True),
        sa.Column("metres", sa.Integer(), nullable=False),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("state in ('planned', 'under_way', 'done', 'cancelled')", name=op.f("ck_round_state")),
        sa.CheckConstraint("departs_at < returns_by", name=op.f("ck_round_hours")),
        sa.CheckConstraint("most_parcels between 1 and 200", name=op.f("ck_round_most_parcels")),
        sa.CheckConstraint("most_kg between 1 and 3500", name=op.f("ck_round_most_kg")),
        sa.CheckConstraint("metres >= 0", name=op.f("ck_round_metres")),
        sa.CheckConstraint(
            "(state in ('under_way', 'done')) = (started_at is not null)", name=op.f("ck_round_started")
        ),
        sa.CheckConstraint("(state in ('done', 'cancelled')) = (closed_at is not null)", name=op.f("ck_round_closed")),
        sa.ForeignKeyConstraint(["depot_id"], ["depot.id"], name=op.f("fk_round_depot_id")),
        sa.ForeignKeyConstraint(["created_by"], ["person.id"], name=op.f("fk_round_created_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round")),
    )
    op.create_index("ix_round_depot_id", "round", ["depot_id"])
    op.create_table(
        "round_stop",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("school_id", sa.Integer(), nullable=True),
        sa.Column("depot_id", sa.Integer(), nullable=True),
        sa.Column("opens_at", sa.Time(), nullable=True),
        sa.Column("closes_at", sa.Time(), nullable=True),
        sa.Column("arrives_at", sa.Time(), nullable=True),
        sa.Column("begins_at", sa.Time(), nullable=True),
        sa.Column("late_minutes", sa.Integer(), nullable=False),
        sa.Column("metres", sa.Integer(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("visited_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("number >= 1", name=op.f("ck_round_stop_number")),
        sa.CheckConstraint("(school_id is null) <> (depot_id is null)", name=op.f("ck_round_stop_place")),
        sa.CheckConstraint("(opens_at is null) = (closes_at is null)", name=op.f("ck_round_stop_hours")),
        sa.CheckConstraint("opens_at < closes_at", name=op.f("ck_round_stop_window")),
        sa.CheckConstraint("(number is null) = (arrives_at is null)", name=op.f("ck_round_stop_timed")),
        sa.CheckConstraint("late_minutes >= 0 and metres >= 0", name=op.f("ck_round_stop_not_negative")),
        sa.CheckConstraint("visited_at is null or number is not null", name=op.f("ck_round_stop_visited")),
        sa.ForeignKeyConstraint(["round_id"], ["round.id"], name=op.f("fk_round_stop_round_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.organisation_id"], name=op.f("fk_round_stop_school_id")),
        sa.ForeignKeyConstraint(["depot_id"], ["depot.id"], name=op.f("fk_round_stop_depot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_stop")),
        sa.UniqueConstraint("round_id", "number", name=op.f("uq_round_stop_round_id_number")),
        sa.UniqueConstraint("round_id", "school_id", name=op.f("uq_round_stop_round_id_school_id")),
        sa.UniqueConstraint("round_id", "depot_id", name=op.f("uq_round_stop_round_id_depot_id")),
        sa.UniqueConstraint("id", "round_id", name=op.f("uq_round_stop_id_round_id")),
    )
    op.create_table(
        "round_errand",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("round_id", sa.Integer(), nullable=False),
        sa.Column("stop_id", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=10), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=True),
        sa.Column("shipment_id", sa.Integer(), nullable=True),
        sa.Column("parcels", sa.Integer(), nullable=False),
        sa.Column("grams", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("(booking_id is null) <> (shipment_id is null)", name=op.f("ck_round_errand_thing")),
        sa.CheckConstraint("what in ('delivery', 'collection')", name=op.f("ck_round_errand_what")),
        sa.CheckConstraint("state in ('waiting', 'done', 'missed')", name=op.f("ck_round_errand_state")),
        sa.CheckConstraint("(state = 'done') = (done_at is not null)", name=op.f("ck_round_errand_done")),
        sa.CheckConstraint("parcels >= 1 and grams >= 0", name=op.f("ck_round_errand_load")),
        sa.ForeignKeyConstraint(
            ["stop_id", "round_id"],
            ["round_stop.id", "round_stop.round_id"],
            name=op.f("fk_round_errand_stop_id_round_id"),
        ),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_round_errand_booking_id")),
        sa.ForeignKeyConstraint(["shipment_id"], ["shipment.id"], name=op.f("fk_round_errand_shipment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_round_errand")),
    )
    op.create_index("ix_round_errand_stop_id", "round_errand", ["stop_id"])
    for thing in ("booking", "shipment"):
        op.create_index(
            f"uq_round_errand_{thing}",
            "round_errand",
            [f"{thing}_id", "what"],
            unique=True,
            sqlite_where=KEPT,
            postgresql_where=KEPT,
        )


def downgrade() -> None:
    raise NoWayBackError("it would not be known any more what a van brought where")
