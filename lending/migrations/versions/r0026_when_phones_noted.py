"""When the server heard of what was done on a round without network."""

import sqlalchemy as sa
from alembic import op
from lending.migrations.no_way_back import NoWayBackError

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

NOTED = {"round_errand": "done_at", "round_stop": "visited_at"}


def upgrade() -> None:
    # Checks go in with their columns: building the tables anew would let go of what hangs on them.
    for table, done_at in NOTED.items():
        check = f"noted_at is null or ({done_at} is not null and {done_at} <= noted_at)"
        noted = sa.CheckConstraint(check, name=op.f(f"ck_{table}_noted"))
        op.add_column(table, sa.Column("noted_at", sa.DateTime(timezone=True), noted, nullable=True))
    op.add_column("shipment_event", sa.Column("device_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    raise NoWayBackError("when phones noted what they did would be lost")
