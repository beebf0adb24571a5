"""Rules by borrower, holds, wishes, incidents."""

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

from lending.core.guards import create_guards
from lending.migrations.no_way_back import NoWayBackError

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

BOOKING_CHECKS = {
    "cancelled_because": "cancelled_because in ('borrower', 'staff', 'lapsed', 'refused', 'expired', 'moved')",
    "checked_out": "(state in ('out', 'done', 'lost')) = (checked_out_at is not null)",
    "deposit": "(deposit_form = 'none') = (deposit_state = 'none')",
    "deposit_form": "deposit_form in ('none', 'cheque', 'letter')",
    "deposit_state": "deposit_state in ('none', 'due', 'received', 'returned', 'cashed')",
    "held_until": "(cause = 'hold') = (held_until_at is not null)",
    "hold_is_planned": "cause <> 'hold' or state in ('planned', 'cancelled')",
    "lost": "state <> 'lost' or lost_at is not null",
    "not_negative": "deposit_cents >= 0 and fee_cents >= 0 and renewals >= 0",
    "only_cancelled_because": "cancelled_because is null or state = 'cancelled'",
    "state": "state in ('planned', 'out', 'done', 'cancelled', 'lost')",
}
RULE_CHECKS = {
    "agreement": "agreement in ('slip', 'loan', 'year')",
    "borrowers": "borrowers in ('own', 'region', 'elsewhere')",
    "deposit_form": "deposit_form in ('none', 'cheque', 'letter')",
    "fee_mode": "fee_mode in ('none', 'loan', 'year', 'pupils')",
    "more_not_negative": "renewals >= 0 and recall_days >= 0 and deposit_cents >= 0 and fee_cents >= 0",
    "more_positive": "max_of_kind > 0 and renewal_days > 0 and lapse_days > 0",
    "period_mode": "period_mode in ('free', 'week', 'period')",
    "scope": "scope = coalesce(cast(association_id as varchar), '*') || ':' || coalesce(kind, '*') || coalesce(':' || borrowers, '')",
    "work_is_the_depots": "borrowers is null or (preparation_days is null and turnaround_days is null)",
}


def upgrade() -> None:
    op.create_table(
        "agreement",
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("school_year", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.CheckConstraint("school_year between 2000 and 2200", name=op.f("ck_agreement_school_year")),
        sa.ForeignKeyConstraint(
            ["association_id"], ["association.organisation_id"], name=op.f("fk_agreement_association_id")
        ),
        sa.ForeignKeyConstraint(["school_id"], ["school.organisation_id"], name=op.f("fk_agreement_school_id")),
        sa.PrimaryKeyConstraint("association_id", "school_id", "school_year", name=op.f("pk_agreement")),
    )
    op.create_table(
        "blackout",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.CheckConstraint("kind in ('trunk', 'game', 'book', 'sheet')", name=op.f("ck_blackout_kind")),
        sa.CheckConstraint("starts_on < ends_on", name=op.f("ck_blackout_period")),
        sa.ForeignKeyConstraint(
            ["association_id"], ["association.organisation_id"], name=op.f("fk_blackout_association_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_blackout")),
    )
    with op.batch_alter_table("blackout", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_blackout_association_id"), ["association_id"], unique=False)

    op.create_table(
        "feed",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("depot_id", sa.Integer(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("(person_id is null) <> (depot_id is null)", name=op.f("ck_feed_one_subject")),
        sa.ForeignKeyConstraint(["depot_id"], ["depot.id"], name=op.f("fk_feed_depot_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_feed_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_feed_token_hash")),
    )
    with op.batch_alter_table("feed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_feed_depot_id"), ["depot_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_feed_person_id"), ["person_id"], unique=False)

    op.create_table(
        "wish",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(length=12), nullable=False),
        sa.Column("title_id", sa.Integer(), nullable=False),
        sa.Column("association_id", sa.Integer(), nullable=False),
        sa.Column("depot_id", sa.Integer(), nullable=True),
        sa.Column("school_id", sa.Integer(), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("length_days", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("offers", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("suspended_until_on", sa.Date(), nullable=True),
        sa.Column("hopeless_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state in ('waiting', 'offered')) = (closed_at is null)", name=op.f("ck_wish_closed")),
        sa.CheckConstraint(
            "state in ('waiting', 'offered', 'served', 'expired', 'cancelled')", name=op.f("ck_wish_state")
        ),
        sa.CheckConstraint("length_days > 0", name=op.f("ck_wish_length")),
        sa.CheckConstraint("starts_on < ends_on", name=op.f("ck_wish_window")),
        sa.ForeignKeyConstraint(
            ["association_id"], ["association.organisation_id"], name=op.f("fk_wish_association_id")
        ),
        sa.ForeignKeyConstraint(["depot_id"], ["depot.id"], name=op.f("fk_wish_depot_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_wish_person_id")),
        sa.ForeignKeyConstraint(["school_id"], ["school.organisation_id"], name=op.f("fk_wish_school_id")),
        sa.ForeignKeyConstraint(["title_id"], ["title.id"], name=op.f("fk_wish_title_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wish")),
        sa.UniqueConstraint("reference", name=op.f("uq_wish_reference")),
    )
    with op.batch_alter_table("wish", schema=None) as batch_op:
        batch_op.create_index(
            "ix_wish_queue",
            ["title_id", "association_id", "rank"],
            unique=False,
            sqlite_where=sa.text("state in ('waiting', 'offered')"),
            postgresql_where=sa.text("state in ('waiting', 'offered')"),
        )
        batch_op.create_index("ix_wish_school", ["school_id", "created_at"], unique=False)
        batch_op.create_index(
            "uq_wish_open",
            ["title_id", "school_id"],
            unique=True,
            sqlite_where=sa.text("state in ('waiting', 'offered')"),
            postgresql_where=sa.text("state in ('waiting', 'offered')"),
        )

    with op.batch_alter_table("booking") as batch_op:
        _drop_checks(batch_op, "booking", "state", "checked_out")
        batch_op.add_column(sa.Column("held_until_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("wish_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("order_reference", sa.String(length=12), nullable=True))
        batch_op.add_column(sa.Column("agreed_ends_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("renewals", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("recalled_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("lost_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("cancelled_because", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("awaits_approval", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("awaits_agreement", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.add_column(sa.Column("deposit_form", sa.String(length=8), server_default="none", nullable=False))
        batch_op.add_column(sa.Column("deposit_state", sa.String(length=8), server_default="none", nullable=False))
        batch_op.add_column(sa.Column("deposit_cents", sa.Integer(), server_default="0", nullable=False))
        batch_op.add_column(sa.Column("fee_cents", sa.Integer(), server_default="0", nullable=False))
        batch_op.create_index("ix_booking_order", ["order_reference"], unique=False)
        batch_op.create_index("ix_booking_person", ["person_id", "cause", "state"], unique=False)
        batch_op.create_index(
            "uq_booking_offer",
            ["wish_id"],
            unique=True,
            sqlite_where=sa.text("state in ('planned', 'out') and wish_id is not null"),
            postgresql_where=sa.text("state in ('planned', 'out') and wish_id is not null"),
        )
        batch_op.create_foreign_key(batch_op.f("fk_booking_wish_id"), "wish", ["wish_id"], ["id"])
        _add_checks(batch_op, "booking", BOOKING_CHECKS)
    with op.batch_alter_table("loan_rule") as batch_op:
        _drop_checks(batch_op, "loan_rule", "scope")
        batch_op.add_column(sa.Column("borrowers", sa.String(length=10), nullable=True))
        batch_op.add_column(sa.Column("is_lendable", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("period_mode", sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column("renewals", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("renewal_days", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("max_of_kind", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("one_over_holidays", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("lapse_days", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("recall_days", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("needs_approval", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("agreement", sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column("deposit_form", sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column("deposit_cents", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("fee_mode", sa.String(length=8), nullable=True))
        batch_op.add_column(sa.Column("fee_cents", sa.Integer(), nullable=True))
        batch_op.alter_column(
            "scope", existing_type=sa.VARCHAR(length=30), type_=sa.String(length=40), existing_nullable=False
        )
        _add_checks(batch_op, "loan_rule", RULE_CHECKS)
    op.create_table(
        "booking_event",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=False),
        sa.Column("copy_id", sa.Integer(), nullable=True),
        sa.Column("act", sa.String(length=24), nullable=False),
        sa.Column("person_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_booking_event_booking_id")),
        sa.ForeignKeyConstraint(["copy_id"], ["copy.id"], name=op.f("fk_booking_event_copy_id")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_booking_event_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking_event")),
    )
    with op.batch_alter_table("booking_event", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_booking_event_booking_id"), ["booking_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_booking_event_copy_id"), ["copy_id"], unique=False)

    op.create_table(
        "incident",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("copy_id", sa.Integer(), nullable=False),
        sa.Column("booking_id", sa.Integer(), nullable=True),
        sa.Column("owner_id", sa.Integer(), nullable=False),
        sa.Column("keeper_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("outcome", sa.String(length=10), nullable=True),
        sa.Column("cost_cents", sa.Integer(), nullable=False),
        sa.Column("paid_by", sa.String(length=10), nullable=True),
        sa.Column("deposit", sa.String(length=10), nullable=True),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Integer(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("(state = 'settled') = (closed_at is not null)", name=op.f("ck_incident_closed")),
        sa.CheckConstraint("(state = 'settled') = (outcome is not null)", name=op.f("ck_incident_settled")),
        sa.CheckConstraint("deposit in ('kept', 'released')", name=op.f("ck_incident_deposit")),
        sa.CheckConstraint("kind in ('missing', 'damaged', 'lost', 'claimed')", name=op.f("ck_incident_kind")),
        sa.CheckConstraint(
            "outcome in ('paid', 'replaced', 'waived', 'found', 'was_here', 'never_came')",
            name=op.f("ck_incident_outcome"),
        ),
        sa.CheckConstraint("paid_by in ('borrower', 'keeper', 'owner', 'insurance')", name=op.f("ck_incident_paid_by")),
        sa.CheckConstraint("state in ('open', 'settled')", name=op.f("ck_incident_state")),
        sa.CheckConstraint("cost_cents >= 0", name=op.f("ck_incident_cost")),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_incident_booking_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["person.id"], name=op.f("fk_incident_closed_by_id")),
        sa.ForeignKeyConstraint(["copy_id"], ["copy.id"], name=op.f("fk_incident_copy_id")),
        sa.ForeignKeyConstraint(["keeper_id"], ["association.organisation_id"], name=op.f("fk_incident_keeper_id")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["person.id"], name=op.f("fk_incident_opened_by_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["association.organisation_id"], name=op.f("fk_incident_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    with op.batch_alter_table("incident", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incident_booking_id"), ["booking_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incident_copy_id"), ["copy_id"], unique=False)
        batch_op.create_index("ix_incident_keeper", ["keeper_id", "state", "opened_at"], unique=False)
        batch_op.create_index(
            "uq_incident_open",
            ["copy_id", "kind"],
            unique=True,
            sqlite_where=sa.text("state = 'open'"),
            postgresql_where=sa.text("state = 'open'"),
        )

    create_guards(op.get_bind(), "booking")


def downgrade() -> None:
    raise NoWayBackError("reservations made under the new rules would be lost")


def _drop_checks(batch_op: BatchOperations, table: str, *names: str) -> None:
    for name in names:
        batch_op.drop_constraint(op.f(f"ck_{table}_{name}"), type_="check")


def _add_checks(batch_op: BatchOperations, table: str, checks: dict[str, str]) -> None:
    for name, text in checks.items():
        batch_op.create_check_constraint(op.f(f"ck_{table}_{name}"), sa.text(text))
