"""Shipments."""

import sqlalchemy as sa
from alembic import op
from lending.migrations.no_way_back import NoWayBackError

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table('shipment',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('from_depot_id', sa.Integer(), nullable=False),
    sa.Column('to_depot_id', sa.Integer(), nullable=False),
    sa.Column('state', sa.String(length=10), nullable=False),
    sa.Column('mode', sa.String(length=12), nullable=False),
    sa.Column('carrier', sa.String(length=120), nullable=False),
    sa.Column('tracking_number', sa.String(length=60), nullable=False),
    sa.Column('cost_cents', sa.Integer(), nullable=True),
    sa.Column('arrives_on', sa.Date(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('created_by', sa.Integer(), nullable=True),
    sa.Column('created_at', sa.DateTime(timezone=True), nullable=False),
    sa.Column('sent_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('turned_back_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('closed_at', sa.DateTime(timezone=True), nullable=True),
    sa.CheckConstraint("(state in ('received', 'cancelled')) = (closed_at is not null)", name=op.f('ck_shipment_closed')),
    sa.CheckConstraint("(state in ('sent', 'received')) = (sent_at is not null)", name=op.f('ck_shipment_sent')),
    sa.CheckConstraint("mode in ('handed_over', 'round', 'carrier', 'meeting')", name=op.f('ck_shipment_mode')),
    sa.CheckConstraint("state in ('packing', 'sent', 'received', 'cancelled')", name=op.f('ck_shipment_state')),
    sa.CheckConstraint('cost_cents between 0 and 10000000', name=op.f('ck_shipment_cost')),
    sa.CheckConstraint('from_depot_id <> to_depot_id', name=op.f('ck_shipment_somewhere_else')),
    sa.CheckConstraint('turned_back_at is null or sent_at is not null', name=op.f('ck_shipment_turned_back')),
    sa.ForeignKeyConstraint(['created_by'], ['person.id'], name=op.f('fk_shipment_created_by')),
    sa.ForeignKeyConstraint(['from_depot_id'], ['depot.id'], name=op.f('fk_shipment_from_depot_id')),
    sa.ForeignKeyConstraint(['to_depot_id'], ['depot.id'], name=op.f('fk_shipment_to_depot_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shipment'))
    )
    op.create_index('ix_shipment_from_depot_id', 'shipment', ['from_depot_id'])
    op.create_index('ix_shipment_to_depot_id', 'shipment', ['to_depot_id'])

    op.create_table('parcel',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('shipment_id', sa.Integer(), nullable=False),
    sa.Column('number', sa.Integer(), nullable=False),
    sa.Column('code', sa.String(length=40), nullable=False),
    sa.Column('weight_grams', sa.Integer(), nullable=True),
    sa.Column('value_cents', sa.Integer(), nullable=True),
    sa.CheckConstraint('number between 1 and 99', name=op.f('ck_parcel_number')),
    sa.CheckConstraint('value_cents between 0 and 10000000', name=op.f('ck_parcel_value')),
    sa.CheckConstraint('weight_grams between 1 and 50000', name=op.f('ck_parcel_weight')),
    sa.ForeignKeyConstraint(['shipment_id'], ['shipment.id'], name=op.f('fk_parcel_shipment_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_parcel')),
    sa.UniqueConstraint('code', name=op.f('uq_parcel_code')),
    sa.UniqueConstraint('id', 'shipment_id', name=op.f('uq_parcel_id_shipment_id')),
    sa.UniqueConstraint('shipment_id', 'number', name=op.f('uq_parcel_shipment_id_number'))
    )
    op.create_table('shipment_event',
    sa.Column('id', sa.Integer(), nullable=False),
    sa.Column('shipment_id', sa.Integer(), nullable=False),
    sa.Column('act', sa.String(length=10), nullable=False),
    sa.Column('parcel_id', sa.Integer(), nullable=True),
    sa.Column('copy_id', sa.Integer(), nullable=True),
    sa.Column('depot_id', sa.Integer(), nullable=True),
    sa.Column('holder', sa.String(length=120), nullable=False),
    sa.Column('person_id', sa.Integer(), nullable=True),
    sa.Column('note', sa.Text(), nullable=False),
    sa.Column('happened_at', sa.DateTime(timezone=True), nullable=False),
    sa.CheckConstraint("act <> 'handed' or holder <> ''", name=op.f('ck_shipment_event_holder')),
    sa.CheckConstraint("act in ('opened', 'packed', 'unpacked', 'sent', 'handed', 'arrived', 'extra', 'damaged', 'missing', 'closed', 'turned', 'cancelled')", name=op.f('ck_shipment_event_act')),
    sa.ForeignKeyConstraint(['copy_id'], ['copy.id'], name=op.f('fk_shipment_event_copy_id')),
    sa.ForeignKeyConstraint(['depot_id'], ['depot.id'], name=op.f('fk_shipment_event_depot_id')),
    sa.ForeignKeyConstraint(['parcel_id'], ['parcel.id'], name=op.f('fk_shipment_event_parcel_id')),
    sa.ForeignKeyConstraint(['person_id'], ['person.id'], name=op.f('fk_shipment_event_person_id')),
    sa.ForeignKeyConstraint(['shipment_id'], ['shipment.id'], name=op.f('fk_shipment_event_shipment_id')),
    sa.PrimaryKeyConstraint('id', name=op.f('pk_shipment_event'))
    )
    op.create_index('ix_shipment_event_copy_id', 'shipment_event', ['copy_id'])
    op.create_index('ix_shipment_event_shipment_id', 'shipment_event', ['shipment_id'])

    op.create_table('shipment_line',
    sa.Column('shipment_id', sa.Integer(), nullable=False),
    sa.Column('copy_id', sa.Integer(), nullable=False),
    sa.Column('parcel_id', sa.Integer(), nullable=True),
    sa.Column('transfer_id', sa.Integer(), nullable=True),
    sa.Column('arrived_at', sa.DateTime(timezone=True), nullable=True),
    sa.Column('is_damaged', sa.Boolean(), server_default=sa.false(), nullable=False),
    sa.Column('note', sa.Text(), nullable=False),
    sa.CheckConstraint('(parcel_id is null) = (transfer_id is null)', name=op.f('ck_shipment_line_packed')),
    sa.CheckConstraint('not is_damaged or arrived_at is not null', name=op.f('ck_shipment_line_damaged')),
    sa.CheckConstraint('parcel_id is not null or arrived_at is not null', name=op.f('ck_shipment_line_extra')),
    sa.ForeignKeyConstraint(['copy_id'], ['copy.id'], name=op.f('fk_shipment_line_copy_id')),
    sa.ForeignKeyConstraint(['parcel_id', 'shipment_id'], ['parcel.id', 'parcel.shipment_id'], name=op.f('fk_shipment_line_parcel_id_shipment_id')),
    sa.ForeignKeyConstraint(['shipment_id'], ['shipment.id'], name=op.f('fk_shipment_line_shipment_id')),
    sa.ForeignKeyConstraint(['transfer_id'], ['transfer.id'], name=op.f('fk_shipment_line_transfer_id')),
    sa.PrimaryKeyConstraint('shipment_id', 'copy_id', name=op.f('pk_shipment_line')),
    sa.UniqueConstraint('transfer_id', name=op.f('uq_shipment_line_transfer_id'))
    )
    op.create_index('ix_shipment_line_copy_id', 'shipment_line', ['copy_id'])
    op.create_index('ix_shipment_line_parcel_id', 'shipment_line', ['parcel_id'])



def downgrade() -> None:
    raise NoWayBackError("it would not be known any more who has what")
