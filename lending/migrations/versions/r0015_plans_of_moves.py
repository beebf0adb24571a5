"""What owners allow, plans of moves, and their moves."""

import sqlalchemy as sa
from alembic import op


revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('rebalancing_plan',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('organisation_id', sa.Integer(), nullable=False),
    sa.Column('name', sa.String(length=80), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('reach', sa.String(length=8), nullable=False),
    sa.Column('school_year', sa.Integer(), nullable=False),
    sa.Column('first_period', sa.Integer(), nullable=False),
    sa.Column('last_period', sa.Integer(), nullable=False),
    sa.Column('leaves_on', sa.Date(), nullable=False),
    sa.Column('returns_on', sa.Date(), nullable=True),
    sa.Column('budget_cents', sa.Integer(), nullable=True),
    sa.Column('fairness_percent', sa.Integer(), nullable=False),
    sa.Column('loan_cents', sa.Integer(), nullable=False),
    sa.Column('copy_cents', sa.Integer(), nullable=False),
    sa.Column('trip_cents', sa.Integer(), nullable=False),
    sa.Column('km_cents', sa.Integer(), nullable=False),
    sa.Column('capacity', sa.Integer(), nullable=False),
    sa.Column('most_moves', sa.Integer(), nullable=False),
    sa.Column('requests', sa.Float(), nullable=False),
    sa.Column('served_before', sa.Float(), nullable=False),
    sa.Column('served_after', sa.Float(), nullable=False),
    sa.Column('cost_cents', sa.Integer(), nullable=False),
    sa.Column('value_cents', sa.Integer(), nullable=False),
    sa.Column('bound_cents', sa.Integer(), nullable=True),
    sa.Column('trips', sa.Integer(), nullable=False),
    sa.Column('seconds', sa.Float(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('started_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('solved_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint("(state = 'solved') = (solved_at is not null)", name=op.f('ck_rebalancing_plan_solved')),
    sa.CheckConstraint("reach in ('inside', 'between')", name=op.f('ck_rebalancing_plan_reach')),
    sa.CheckConstraint("state in ('waiting', 'solving', 'solved', 'failed')", name=op.f('ck_rebalancing_plan_state')),
    sa.CheckConstraint('budget_cents is null or budget_cents >= 0', name=op.f('ck_rebalancing_plan_budget')),
    sa.CheckConstraint('capacity > 0 and most_moves > 0', name=op.f('ck_rebalancing_plan_limits')),
    sa.CheckConstraint('fairness_percent between 0 and 100', name=op.f('ck_rebalancing_plan_fairness')),
    sa.CheckConstraint('first_period between 1 and last_period and last_period <= 5', name=op.f('ck_rebalancing_plan_periods')),
    sa.CheckConstraint('loan_cents > 0 and copy_cents >= 0 and trip_cents >= 0 and km_cents >= 0', name=op.f('ck_rebalancing_plan_prices')),
    sa.CheckConstraint('returns_on is null or returns_on > leaves_on', name=op.f('ck_rebalancing_plan_returns')),
    sa.ForeignKeyConstraint(['created_by'], ['person.id'], name=op.f('fk_rebalancing_plan_created_by')),
    sa.ForeignKeyConstraint(['organisation_id'], ['organisation.id'], name=op.f('fk_rebalancing_plan_organisation_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rebalancing_plan'))
    )
    with op.batch_alter_table('rebalancing_plan', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rebalancing_plan_organisation_id'), ['organisation_id'], unique=False)
        batch_op.create_index('ix_rebalancing_plan_state', ['state', 'id'], unique=False)

    op.create_table('rebalancing_policy',
    sa.Column('association_id', sa.Integer(), nullable=False),
    sa.Column('consents', sa.Boolean(), nullable=False),
    sa.Column('kept_at_home', sa.Integer(), nullable=False),
    sa.Column('version', sa.Integer(), nullable=False),
    sa.CheckConstraint('kept_at_home between 0 and 99', name=op.f('ck_rebalancing_policy_kept_at_home')),
    sa.ForeignKeyConstraint(['association_id'], ['association.organisation_id'], name=op.f('fk_rebalancing_policy_association_id')),
    sa.PrimaryKeyConstraint('association_id', name=op.f('pk_rebalancing_policy'))
    )
    op.create_table('rebalancing_move',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('plan_id', sa.Integer(), nullable=False),
    sa.Column('copy_id', sa.Integer(), nullable=False),
    sa.Column('from_depot_id', sa.Integer(), nullable=False),
    sa.Column('to_depot_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=8), nullable=False),
    sa.Column('refusal', sa.String(length=40), nullable=False),
    sa.Column('gain_loans', sa.Float(), nullable=False),
    sa.Column('cost_cents', sa.Integer(), nullable=False),
    sa.Column('facts', sa.Text(), nullable=False),
    sa.Column('transfer_id', sa.Integer(), nullable=True),
    sa.CheckConstraint("(state = 'accepted') = (transfer_id is not null)", name=op.f('ck_rebalancing_move_accepted')),
    sa.CheckConstraint("(state = 'refused') = (refusal <> '')", name=op.f('ck_rebalancing_move_refused')),
    sa.CheckConstraint("state in ('proposed', 'dropped', 'accepted', 'refused')", name=op.f('ck_rebalancing_move_state')),
    sa.CheckConstraint('cost_cents >= 0', name=op.f('ck_rebalancing_move_cost')),
    sa.CheckConstraint('from_depot_id <> to_depot_id', name=op.f('ck_rebalancing_move_somewhere_else')),
    sa.ForeignKeyConstraint(['copy_id'], ['copy.id'], name=op.f('fk_rebalancing_move_copy_id')),
    sa.ForeignKeyConstraint(['from_depot_id'], ['depot.id'], name=op.f('fk_rebalancing_move_from_depot_id')),
    sa.ForeignKeyConstraint(['plan_id'], ['rebalancing_plan.id'], name=op.f('fk_rebalancing_move_plan_id')),
    sa.ForeignKeyConstraint(['to_depot_id'], ['depot.id'], name=op.f('fk_rebalancing_move_to_depot_id')),
    sa.ForeignKeyConstraint(['transfer_id'], ['transfer.id'], name=op.f('fk_rebalancing_move_transfer_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_rebalancing_move')),
    sa.UniqueConstraint('plan_id', 'copy_id', name=op.f('uq_rebalancing_move_plan_id_copy_id')),
    sa.UniqueConstraint('transfer_id', name=op.f('uq_rebalancing_move_transfer_id'))
    )
    with op.batch_alter_table('rebalancing_move', schema=None) as batch_op:
        batch_op.create_index(batch_op.f('ix_rebalancing_move_copy_id'), ['copy_id'], unique=False)



def downgrade() -> None:
    with op.batch_alter_table('rebalancing_move', schema=None) as batch_op:
        batch_op.drop_index(batch_op.f('ix_rebalancing_move_copy_id'))

    op.drop_table('rebalancing_move')
    op.drop_table('rebalancing_policy')
    with op.batch_alter_table('rebalancing_plan', schema=None) as batch_op:
        batch_op.drop_index('ix_rebalancing_plan_state')
        batch_op.drop_index(batch_op.f('ix_rebalancing_plan_organisation_id'))

    op.drop_table('rebalancing_plan')
