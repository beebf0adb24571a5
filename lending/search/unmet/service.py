"""Use cases of unmet demand: count a wish, read the counts, forget old ones."""

import datetime as dt

from sqlalchemy.orm import Session

from lending.core.actor import Actor, Role
from lending.core.clock import Clock, local_day
from lending.core.database import Database
from lending.network import queries as network
from lending.network.schemas import AssociationView
from lending.notices.queries import root_path
from lending.search.schemas import SearchQuery
from lending.search.unmet.queries import forget_before, record_unmet, unmet
from lending.search.unmet.rules import check_period, filters_text, oldest_kept, usual_period, words_kept
from lending.search.unmet.schemas import UnmetPeriod, UnmetView, UnmetWish

TIME_ZONE = "Europe/Paris"


class UnmetDemand:
    """What was looked for and not found."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """Needs no index: counts live in the database."""
        self._db = db
        self._clock = clock

    def note_search(self, actor: Actor, query: SearchQuery) -> None:
        """Count a search without results, where the visitor searched: the associations chosen, else their own."""
        words, filters = words_kept(query.text), filters_text(query)
        if not (words or filters) or query.page > 1:
            return
        with self._db.write() as session:
            for code in _meant(session, actor, query.association):
                wish = UnmetWish(reason="search", words=words, filters=filters, association_code=code)
                record_unmet(session, wish, self.today())

    def note_refusal(self, association_id: int, title_name: str, starts_on: dt.date) -> None:
        """Count a reservation that could not be had. Raises NotFound."""
        with self._db.write() as session:
            wish = UnmetWish(
                reason="reservation",
                words=words_kept(title_name),
                filters=filters_text(SearchQuery(starts_on=starts_on)),
                association_code=network.association(session, association_id).code,
            )
            record_unmet(session, wish, self.today())

    def listing(self, actor: Actor, period: UnmetPeriod | None = None) -> list[UnmetView]:
        """What was not found in the associations that the actor coordinates. Raises LastDayBeforeFirst."""
        period = period or self.usual_period()
        check_period(period)
        with self._db.read() as session:
            return unmet(session, _coordinated(session, actor), period)

    def usual_period(self) -> UnmetPeriod:
        """The days that are shown when nobody says which."""
        return usual_period(self.today())

    def today(self) -> dt.date:
        """The day that counts belong to, in metropolitan France."""
        return local_day(self._clock.now(), TIME_ZONE)

    def forget_old(self) -> int:
        """Delete counts of more than 25 months ago; for the worker."""
        with self._db.write() as session:
            return forget_before(session, oldest_kept(self.today()))


def _meant(session: Session, actor: Actor, chosen: tuple[str, ...]) -> list[str]:
    known = network.associations(session)
    named = [one.code for one in known if one.code in chosen]
    return named or [one.code for one in known if _belongs(actor, one)] or [""]


def _belongs(actor: Actor, association: AssociationView) -> bool:
    """Whether the actor works or teaches in the association, not above it."""
    return any(grant.path.startswith(association.path) for grant in actor.grants)


def _coordinated(session: Session, actor: Actor) -> list[str]:
    """The codes of the actor's associations; who coordinates the whole federation sees what belongs to none."""
    known = network.associations(session)
    codes = [one.code for one in known if actor.covers(one.path, Role.COORDINATOR)]
    root = root_path(session)
    if not codes:
        actor.require(root, Role.COORDINATOR)
    return [*codes, ""] if actor.covers(root, Role.COORDINATOR) else codes
