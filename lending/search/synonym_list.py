"""Use cases of the synonyms: read the list, keep another one. For administrators."""

from collections.abc import Sequence

from lending.core.actor import Actor, Role
from lending.core.clock import Clock
from lending.core.database import Database
from lending.notices.queries import root_path
from lending.search import synonyms


class SynonymList:
    """Words that mean the same, one group a line."""

    def __init__(self, db: Database, clock: Clock) -> None:
        """Needs no index: a changed list sends every title again."""
        self._db = db
        self._clock = clock

    def lines(self, actor: Actor) -> list[str]:
        """The list, words between commas."""
        with self._db.read() as session:
            actor.require(root_path(session), Role.ADMIN)
            return synonyms.lines(session)

    def keep(self, actor: Actor, typed: Sequence[str]) -> list[str]:
        """Keep another list; search knows it once the titles went to the index. Raises BadSynonyms."""
        with self._db.write() as session:
            actor.require(root_path(session), Role.ADMIN)
            checked = synonyms.check(typed)
            if checked != synonyms.lines(session):
                synonyms.replace(session, checked, self._clock.now())
        return checked
