"""No two terms of a vocabulary are called the same."""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("uq_term_vocabulary_label_fr", "term", ["vocabulary", "label_fr"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_term_vocabulary_label_fr", "term")
