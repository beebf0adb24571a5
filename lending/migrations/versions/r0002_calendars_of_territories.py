"""Calendars of territories, office days."""

import sqlalchemy as sa
from alembic import op
from lending.migrations.no_way_back import NoWayBackError

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# Written out: a migration must not change when the code's own list does.
ALSACE_MOSELLE = ("57", "67", "68")
OVERSEAS = ("971", "972", "973", "974", "976")


def upgrade() -> None:
    op.create_table(
        "school_calendar",
        sa.Column("zone", sa.String(length=20), nullable=False),
        sa.Column("school_year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("source in ('published', 'edited')", name=op.f("ck_school_calendar_source")),
        sa.CheckConstraint("school_year between 2000 and 2200", name=op.f("ck_school_calendar_school_year")),
        sa.PrimaryKeyConstraint("zone", "school_year", name=op.f("pk_school_calendar")),
    )
    op.create_table(
        "school_period",
        sa.Column("zone", sa.String(length=20), nullable=False),
        sa.Column("school_year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.CheckConstraint("number between 1 and 5", name=op.f("ck_school_period_number")),
        sa.CheckConstraint("starts_on < ends_on", name=op.f("ck_school_period_period")),
        sa.ForeignKeyConstraint(
            ["zone", "school_year"],
            ["school_calendar.zone", "school_calendar.school_year"],
            name=op.f("fk_school_period_zone_school_year"),
        ),
        sa.PrimaryKeyConstraint("zone", "school_year", "number", name=op.f("pk_school_period")),
    )
    op.create_table(
        "exceptional_opening",
        sa.Column("depot_id", sa.Integer(), nullable=False),
        sa.Column("opens_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["depot_id"], ["depot.id"], name=op.f("fk_exceptional_opening_depot_id")),
        sa.PrimaryKeyConstraint("depot_id", "opens_on", name=op.f("pk_exceptional_opening")),
    )
    op.add_column("association", sa.Column("holiday_territory", sa.String(length=10), nullable=True))
    _fill_territories()
    op.add_column("closure", sa.Column("repeats_yearly", sa.Boolean(), server_default=sa.false(), nullable=False))
    # The check goes in with its column: building the table anew would let go of everything that hangs on a depot.
    op.execute(
        "alter table depot add column max_handovers_per_day integer"
        " constraint ck_depot_max_handovers check (max_handovers_per_day > 0)"
    )
    op.add_column("depot", sa.Column("version", sa.Integer(), server_default="1", nullable=False))
    with op.batch_alter_table("opening") as batch_op:
        batch_op.add_column(sa.Column("serves", sa.String(length=8), server_default="desk", nullable=False))
        batch_op.create_check_constraint(op.f("ck_opening_serves"), sa.text("serves in ('desk', 'office')"))
        batch_op.drop_constraint(op.f("pk_opening"), type_="primary")
        batch_op.create_primary_key(op.f("pk_opening"), ["depot_id", "weekday", "opens_at"])


def downgrade() -> None:
    raise NoWayBackError("calendars that were written down would be lost")


def _fill_territories() -> None:
    association = sa.table("association", sa.column("code", sa.String), sa.column("holiday_territory", sa.String))
    territory = sa.case(
        (association.c.code.in_(ALSACE_MOSELLE), "57"), (association.c.code.in_(OVERSEAS), association.c.code), else_=""
    )
    op.execute(association.update().values(holiday_territory=territory))
