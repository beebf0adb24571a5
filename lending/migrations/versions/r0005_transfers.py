"""Transfers."""

import sqlalchemy as sa
from alembic import op
from lending.migrations.no_way_back import NoWayBackError

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "rotation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("copy_id", sa.Integer(), nullable=False),
        sa.Column("is_cyclical", sa.Boolean(), nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("stage", sa.Integer(), nullable=False),
        sa.Column("arrived_on", sa.Date(), nullable=False),
        sa.Column("has_skipped", sa.Boolean(), nullable=False),
        sa.CheckConstraint("stage >= 0", name=op.f("ck_rotation_stage")),
        sa.ForeignKeyConstraint(["copy_id"], ["copy.id"], name=op.f("fk_rotation_copy_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rotation")),
        sa.UniqueConstraint("copy_id", name=op.f("uq_rotation_copy_id")),
    )
    op.create_table(
        "rotation_stage",
        sa.Column("rotation_id", sa.Integer(), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("depot_id", sa.Integer(), nullable=False),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.CheckConstraint("number >= 0 and days > 0", name=op.f("ck_rotation_stage_days")),
        sa.ForeignKeyConstraint(["depot_id"], ["depot.id"], name=op.f("fk_rotation_stage_depot_id")),
        sa.ForeignKeyConstraint(["rotation_id"], ["rotation.id"], name=op.f("fk_rotation_stage_rotation_id")),
        sa.PrimaryKeyConstraint("rotation_id", "number", name=op.f("pk_rotation_stage")),
    )
    op.create_table(
        "transfer",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("copy_id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("from_depot_id", sa.Integer(), nullable=False),
        sa.Column("to_depot_id", sa.Integer(), nullable=False),
        sa.Column("home_depot_id", sa.Integer(), nullable=False),
        sa.Column("for_booking_id", sa.Integer(), nullable=True),
        sa.Column("reason", sa.String(length=14), nullable=False),
        sa.Column("keep_at_destination", sa.Boolean(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("leaves_on", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'received') = (received_at is not null)", name=op.f("ck_transfer_received")),
        sa.CheckConstraint(
            "(state in ('received', 'lost', 'cancelled')) = (closed_at is not null)", name=op.f("ck_transfer_closed")
        ),
        sa.CheckConstraint(
            "from_depot_id <> to_depot_id or state <> 'planned'", name=op.f("ck_transfer_somewhere_else")
        ),
        sa.CheckConstraint(
            "reason in ('fill_booking', 'return_home', 'rebalance', 'rotation', 'repair', 'manual')",
            name=op.f("ck_transfer_reason"),
        ),
        sa.CheckConstraint(
            "state in ('planned', 'ready', 'sent', 'received', 'lost', 'cancelled')", name=op.f("ck_transfer_state")
        ),
        sa.CheckConstraint(
            "state not in ('sent', 'received', 'lost') or sent_at is not null", name=op.f("ck_transfer_sent")
        ),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_transfer_booking_id")),
        sa.ForeignKeyConstraint(["copy_id"], ["copy.id"], name=op.f("fk_transfer_copy_id")),
        sa.ForeignKeyConstraint(["for_booking_id"], ["booking.id"], name=op.f("fk_transfer_for_booking_id")),
        sa.ForeignKeyConstraint(["from_depot_id"], ["depot.id"], name=op.f("fk_transfer_from_depot_id")),
        sa.ForeignKeyConstraint(["home_depot_id"], ["depot.id"], name=op.f("fk_transfer_home_depot_id")),
        sa.ForeignKeyConstraint(["to_depot_id"], ["depot.id"], name=op.f("fk_transfer_to_depot_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer")),
        sa.UniqueConstraint("booking_id", name=op.f("uq_transfer_booking_id")),
    )
    with op.batch_alter_table("transfer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transfer_from_depot_id"), ["from_depot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_transfer_to_depot_id"), ["to_depot_id"], unique=False)
        batch_op.create_index(
            "uq_transfer_open",
            ["copy_id"],
            unique=True,
            sqlite_where=sa.text("state in ('planned', 'ready', 'sent')"),
            postgresql_where=sa.text("state in ('planned', 'ready', 'sent')"),
        )

    op.create_table(
        "transfer_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("transfer_id", sa.Integer(), nullable=False),
        sa.Column("act", sa.String(length=12), nullable=False),
        sa.Column("depot_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["depot_id"], ["depot.id"], name=op.f("fk_transfer_event_depot_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_transfer_event_person_id")),
        sa.ForeignKeyConstraint(["transfer_id"], ["transfer.id"], name=op.f("fk_transfer_event_transfer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_transfer_event")),
    )
    with op.batch_alter_table("transfer_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_transfer_event_transfer_id"), ["transfer_id"], unique=False)


def downgrade() -> None:
    raise NoWayBackError("where copies went would be lost")
