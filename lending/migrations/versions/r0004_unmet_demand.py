"""Searches that found nothing, words that mean the same."""

import sqlalchemy as sa
from alembic import op


revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Where everybody begins; administrators change the list on its page.
SYNONYMS = (
    "EMC, enseignement moral et civique, éducation civique",
    "EDD, développement durable",
    "BD, bande dessinée, bandes dessinées",
    "EPS, éducation physique, sport",
    "EMI, éducation aux médias",
    "EVAR, EVARS, vie affective",
    "CPS, compétences psychosociales",
    "TNI, TBI, tableau numérique, tableau interactif",
    "DNL, langues vivantes",
    "LSF, langue des signes",
    "ASH, handicap, inclusion",
    "DYS, dyslexie, dyspraxie",
    "PHARE, harcèlement",
    "maths, mathématiques",
    "philo, philosophie",
    "géo, géographie",
    "techno, technologie",
    "ordinateur, informatique, numérique",
    "coop, coopération, coopératif",
    "écologie, environnement",
    "album jeunesse, littérature jeunesse",
    "kamishibaï, théâtre d’images",
    "maternelle, cycle 1",
    "jeu de société, jeux de société, jeu de plateau",
    "marionnette, marottes",
)


def upgrade() -> None:
    op.create_table(
        "unmet_search",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("searched_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.String(length=12), nullable=False),
        sa.Column("association_code", sa.String(length=3), nullable=False),
        sa.Column("words", sa.String(length=100), nullable=False),
        sa.Column("filters", sa.String(length=300), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.CheckConstraint("reason in ('search', 'reservation')", name=op.f("ck_unmet_search_reason")),
        sa.CheckConstraint("times > 0", name=op.f("ck_unmet_search_times")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unmet_search")),
        sa.UniqueConstraint(
            "searched_on",
            "reason",
            "association_code",
            "words",
            "filters",
            name="uq_unmet_search_wish",
        ),
    )
    synonym = op.create_table(
        "synonym",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("terms", sa.String(length=300), nullable=False),
        sa.CheckConstraint("terms like '%,%'", name=op.f("ck_synonym_two")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_synonym")),
        sa.UniqueConstraint("terms", name=op.f("uq_synonym_terms")),
    )
    op.bulk_insert(synonym, [{"terms": terms} for terms in SYNONYMS])


def downgrade() -> None:
    op.drop_table("synonym")
    op.drop_table("unmet_search")
