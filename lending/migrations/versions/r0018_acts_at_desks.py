"""What was done at desks can be taken back for a minute; a rule says whether returns may be taken in piles."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("loan_rule", sa.Column("returns_in_piles", sa.Boolean(), nullable=True))
    op.create_table(
        "desk_act",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("action", sa.String(length=10), nullable=False),
        sa.Column("depot_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("copy_id", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("booking_version", sa.Integer(), nullable=False),
        sa.Column("copy_version", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undo_until_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("action in ('hand_over', 'lend', 'take_back')", name=op.f("ck_desk_act_action")),
        sa.CheckConstraint("undo_until_at > done_at", name=op.f("ck_desk_act_undo_until")),
        sa.CheckConstraint(
            "undone_at is null or (undone_at >= done_at and undone_at <= undo_until_at)",
            name=op.f("ck_desk_act_undone"),
        ),
        sa.ForeignKeyConstraint(["depot_id"], ["depot.id"], name=op.f("fk_desk_act_depot_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_desk_act_person_id")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_desk_act_booking_id")),
        sa.ForeignKeyConstraint(["copy_id"], ["copy.id"], name=op.f("fk_desk_act_copy_id")),
        sa.ForeignKeyConstraint(["event_id"], ["booking_event.id"], name=op.f("fk_desk_act_event_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_act")),
    )
    op.create_index("ix_desk_act_booking_id", "desk_act", ["booking_id"])
    op.create_index("ix_desk_act_done_at", "desk_act", ["done_at"])
    op.create_index("ix_desk_act_person", "desk_act", ["person_id", "depot_id", "id"])


def downgrade() -> None:
    op.drop_table("desk_act")
    op.drop_column("loan_rule", "returns_in_piles")
