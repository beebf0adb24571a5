"""Looks at everything the product leans on, and says what is wrong and what to do about it.

Nothing is changed and nothing is repaired: whoever runs the product decides.
"""

import datetime as dt
import os
from collections.abc import Iterator
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
from obstore.exceptions import BaseError
from sqlalchemy import Connection, func, make_url, select, text
from sqlalchemy.exc import SQLAlchemyError

from lending.catalog.errors import MediaUnavailable, UnknownMedia
from lending.catalog.media import open_media_store
from lending.catalog.tables import Title
from lending.core import outbox
from lending.core.clock import Clock, SystemClock
from lending.core.database import Database
from lending.core.demo_clock import ShiftedClock
from lending.core.guards import missing_guards
from lending.core.i18n import gettext as _
from lending.core.i18n import ngettext
from lending.core.tables import OutboxRow
from lending.migrations.run import pending
from lending.notices.ports import DeliveryError
from lending.notices.transport import BadMailUrlError, FolderPost, is_this_machine, post_office
from lending.search.service import Search, open_index
from lending.search.sync import TOPIC as SEARCH_TOPIC
from lending.settings import Settings

LONGEST_WAIT = dt.timedelta(minutes=15)
CLOCK_TOLERANCE = dt.timedelta(minutes=5)
# A machine whose clock stands before this date has lost it.
EARLIEST_PLAUSIBLE = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)


class Finding(msgspec.Struct, frozen=True):
    """What a check found; `do` says what would cure it and is empty where nothing is wrong."""

    check: str
    ok: bool
    what: str
    do: str = ""


def examine(settings: Settings) -> list[Finding]:
    """Run every check that can be run; those that need the database are left out when it does not answer."""
    db = Database(settings.database_url) if _has_database(settings) else None
    try:
        findings = list(_database(settings, db))
        if db is not None and all(finding.ok for finding in findings):
            findings += _contents(settings, db)
        return [*findings, _mail(settings), _sender(settings), _media(settings), _address(settings)]
    finally:
        if db is not None:
            db.dispose()


def _has_database(settings: Settings) -> bool:
    """Asked first, because connecting to an SQLite file that is missing would make it."""
    url = make_url(settings.database_url)
    return url.get_backend_name() != "sqlite" or bool(url.database and Path(url.database).is_file())


def _database(settings: Settings, db: Database | None) -> Iterator[Finding]:
    name = _("base de données")
    address = make_url(settings.database_url).render_as_string(hide_password=True)
    if db is None:
        what = _("{address} n’existe pas.").format(address=address)
        yield Finding(name, ok=False, what=what, do=_("Lancez `lending migrate`, qui la crée."))
        return
    try:
        with db.connect() as connection:
            connection.execute(text("select 1"))
            yield Finding(name, ok=True, what=_("{address} répond.").format(address=address))
            yield _migrations(connection)
            yield _guards(connection)
    except SQLAlchemyError as error:
        what = _("{address} ne répond pas : {error}").format(address=address, error=_first_line(error))
        do = _("Vérifiez que le serveur tourne et que LENDING_DATABASE_URL est juste.")
        yield Finding(name, ok=False, what=what, do=do)


def _migrations(connection: Connection) -> Finding:
    name = _("migrations")
    if revision := pending(connection):
        what = _("Le schéma n’est pas à jour : il manque {revision}.").format(revision=revision)
        return Finding(name, ok=False, what=what, do=_("Faites une sauvegarde, puis lancez `lending migrate`."))
    return Finding(name, ok=True, what=_("Le schéma est à jour."))


def _guards(connection: Connection) -> Finding:
    name = _("garde-fous")
    if missing := missing_guards(connection):
        what = _("Il manque à la base : {names}. Des doubles réservations seraient possibles.")
        do = _("Lancez `lending migrate`, qui les remet.")
        return Finding(name, ok=False, what=what.format(names=", ".join(missing)), do=do)
    return Finding(name, ok=True, what=_("La base refuse elle-même les doubles réservations."))


def _contents(settings: Settings, db: Database) -> Iterator[Finding]:
    clock: Clock = ShiftedClock(db) if settings.demo else SystemClock()
    now = clock.now()
    yield _clock(db, now)
    yield from _outbox(db, now)
    yield _index(settings, db, clock)


def _clock(db: Database, now: dt.datetime) -> Finding:
    name, do = _("horloge"), _("Réglez l’heure de la machine (NTP), puis relancez.")
    with db.read() as session:
        newest = session.scalar(select(func.max(OutboxRow.created_at)))
    if now < EARLIEST_PLAUSIBLE:
        what = _("La machine se croit le {now}.").format(now=now.date().isoformat())
        return Finding(name, ok=False, what=what, do=do)
    if newest is not None and newest > now + CLOCK_TOLERANCE:
        what = _("Des événements sont datés du futur ({newest}) : l’horloge a reculé.")
        return Finding(name, ok=False, what=what.format(newest=newest.isoformat(timespec="minutes")), do=do)
    return Finding(name, ok=True, what=_("L’heure est plausible."))


def _outbox(db: Database, now: dt.datetime) -> Iterator[Finding]:
    with db.read() as session:
        topics = session.scalars(select(OutboxRow.topic).where(OutboxRow.state != "done").distinct())
        states = [outbox.state_of(session, topic) for topic in sorted(topics)]
    if not states:
        yield Finding(_("file d’attente"), ok=True, what=_("Rien n’attend."))
    for state in states:
        yield _waiting(state, now)
        if state.parked:
            yield _parked(state)


def _waiting(state: outbox.OutboxState, now: dt.datetime) -> Finding:
    name = _("file d’attente ({topic})").format(topic=state.topic)
    counted = ngettext("{count} en attente", "{count} en attente", state.waiting).format(count=state.waiting)
    if state.oldest_at is None or now - state.oldest_at <= LONGEST_WAIT:
        return Finding(name, ok=True, what=f"{counted}.")
    minutes = int((now - state.oldest_at).total_seconds() // 60)
    what = _("{counted}, depuis {minutes} minutes.").format(counted=counted, minutes=minutes)
    do = _("Lancez `lending worker`, ou regardez son journal s’il tourne déjà.")
    return Finding(name, ok=False, what=what, do=do)


def _parked(state: outbox.OutboxState) -> Finding:
    name = _("file d’attente ({topic})").format(topic=state.topic)
    what = ngettext("{count} mis de côté.", "{count} mis de côté.", state.parked).format(count=state.parked)
    if state.topic == SEARCH_TOPIC:
        do = _("Lisez la raison sous Administration, Index de recherche, corrigez, puis renvoyez.")
    else:
        do = _("Lisez la raison sur la page des messages, corrigez, puis renvoyez.")
    return Finding(name, ok=False, what=what, do=do)


def _index(settings: Settings, db: Database, clock: Clock) -> Finding:
    name, do = _("index de recherche"), _("Lancez `lending reindex`.")
    with db.read() as session:
        published = session.scalar(select(func.count()).select_from(Title).where(Title.visibility == "published"))
    try:
        indexed = _documents(settings, db, clock)
    except Exception as error:  # noqa: BLE001 - whatever the index raises is the finding
        what = _("L’index ne répond pas : {error}").format(error=_first_line(error))
        return Finding(name, ok=False, what=what, do=do)
    if indexed != published:
        what = _("{indexed} titres dans l’index, {published} publiés dans la base.")
        return Finding(name, ok=False, what=what.format(indexed=indexed, published=published), do=do)
    return Finding(name, ok=True, what=_("Les {published} titres publiés y sont.").format(published=published))


def _documents(settings: Settings, db: Database, clock: Clock) -> int:
    search = Search(db, clock, open_index(settings.search_url, settings.search_key))
    try:
        return search.document_count()
    finally:
        search.close()


def _mail(settings: Settings) -> Finding:
    name, do = _("courrier"), _("Corrigez LENDING_MAIL_URL, ou remettez le serveur de courrier en marche.")
    try:
        post = post_office(settings.mail_url)
        post.check()
    except (BadMailUrlError, DeliveryError) as error:
        what = _("Aucun message ne peut partir : {error}").format(error=error)
        return Finding(name, ok=False, what=what, do=do)
    if isinstance(post, FolderPost) and not settings.demo:
        what = _("Les messages restent dans le dossier {folder} : personne ne les reçoit.")
        do = _("Donnez un serveur : LENDING_MAIL_URL=smtp://utilisateur:secret@serveur:587")
        return Finding(name, ok=False, what=what.format(folder=post.folder), do=do)
    return Finding(name, ok=True, what=_("Les messages peuvent partir."))


def _sender(settings: Settings) -> Finding:
    name, address = _("expéditeur"), parseaddr(settings.mail_from)[1]
    domain = address.rpartition("@")[2]
    if "@" not in address or (not settings.demo and domain.startswith("example.")):
        what = _("« {sender} » n’est pas une adresse d’où écrire.").format(sender=settings.mail_from)
        do = _("Donnez la vôtre : LENDING_MAIL_FROM='Nom <adresse@domaine>'")
        return Finding(name, ok=False, what=what, do=do)
    return Finding(name, ok=True, what=settings.mail_from)


def _media(settings: Settings) -> Finding:
    if settings.media_url:
        return _bucket(settings)
    name = _("dossier des images")
    if settings.media_dir.is_dir() and os.access(settings.media_dir, os.R_OK | os.W_OK | os.X_OK):
        return Finding(name, ok=True, what=str(settings.media_dir))
    what = _("{folder} n’existe pas ou ne peut pas être écrit.").format(folder=settings.media_dir)
    do = _("Créez-le et donnez-en le droit d’écriture à l’utilisateur du service.")
    return Finding(name, ok=False, what=what, do=do)


def _bucket(settings: Settings) -> Finding:
    name = _("stockage des images")
    try:
        open_media_store(settings.media_dir, settings.media_url).open("photos/doctor.webp")
    except UnknownMedia:
        return Finding(name, ok=True, what=settings.media_url)
    except (MediaUnavailable, ValueError, BaseError):
        what = _("{url} ne répond pas.").format(url=settings.media_url)
        do = _("Vérifiez LENDING_MEDIA_URL et les variables AWS_….")
        return Finding(name, ok=False, what=what, do=do)
    return Finding(name, ok=True, what=settings.media_url)


def _address(settings: Settings) -> Finding:
    name, host = _("adresse publique"), urlsplit(settings.base_url).hostname or "localhost"
    if settings.demo or (settings.is_secure and not is_this_machine(host)):
        return Finding(name, ok=True, what=settings.base_url)
    if is_this_machine(host):
        what = _("{address} ne mène nulle part hors de cette machine : les liens des messages non plus.")
    else:
        what = _("{address} n’est pas en HTTPS : mots de passe et sessions voyagent en clair.")
    do = _("Mettez un relais TLS devant le service, puis LENDING_BASE_URL=https://…")
    return Finding(name, ok=False, what=what.format(address=settings.base_url), do=do)


def _first_line(error: Exception) -> str:
    """What went wrong, without the statement and the pages that a driver adds."""
    return (str(getattr(error, "orig", None) or error).splitlines() or [type(error).__name__])[0]
