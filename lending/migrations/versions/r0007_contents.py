"""How each check leaves a copy."""

from alembic import op
from lending.migrations.no_way_back import NoWayBackError

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # The check goes in with its column: building the table anew would let go of the bookings that point at it.
    op.execute(
        "alter table contents_check add column lendable_though_incomplete boolean default false not null"
        " constraint ck_contents_check_lendable check (outcome = 'incomplete' or not lendable_though_incomplete)"
    )
    op.execute(
        "update contents_check set lendable_though_incomplete = true where outcome = 'incomplete'"
        " and exists (select 1 from copy where copy.id = contents_check.copy_id and copy.status = 'lendable')"
        " and not exists (select 1 from contents_check later"
        " where later.copy_id = contents_check.copy_id and later.checked_at > contents_check.checked_at)"
    )


def downgrade() -> None:
    raise NoWayBackError("what was written down would be lost")
