"""The only place where the parts meet: settings in, objects out."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from urllib.parse import urlsplit

from sqlalchemy.orm import Session

from lending.accounts.service import Accounts
from lending.catalog.exports.service import Exports
from lending.catalog.history.service import History
from lending.catalog.imports.service import Imports
from lending.catalog.media import MediaStore, open_media_store
from lending.catalog.photos.service import Photos
from lending.catalog.printing.service import Printing
from lending.catalog.service import Catalog
from lending.catalog.sheets.service import Sheets
from lending.catalog.stock.service import Stock
from lending.catalog.stocktakes.service import Stocktakes
from lending.catalog.sweeping import MediaSweep
from lending.catalog.vocabularies.service import Vocabularies
from lending.core.clock import Clock, SystemClock
from lending.core.database import Database
from lending.core.demo_clock import ShiftedClock
from lending.core.guards import check_guards
from lending.core.readiness import Readiness
from lending.loans.affiliation_notices import AffiliationNoticeFacts
from lending.loans.digest_notices import DigestNoticeFacts
from lending.loans.invitation_notices import InvitationNoticeFacts
from lending.loans.letters.service import PaperLetters
from lending.loans.notice_facts import BookingNoticeFacts
from lending.loans.papers.service import LOGOS, Papers, used_logos
from lending.loans.queries.declarations import used_photos
from lending.loans.queries.whereabouts import whereabouts
from lending.loans.service import Loans
from lending.loans.service.appointments import Appointments
from lending.loans.service.baskets import Baskets
from lending.loans.service.changes import Changes
from lending.loans.service.closures import Closures
from lending.loans.service.conditions import Conditions
from lending.loans.service.contents import Contents
from lending.loans.service.cures import Cures
from lending.loans.service.declarations import FOLDER as DECLARED
from lending.loans.service.declarations import Declarations
from lending.loans.service.desk_acts import DeskActs
from lending.loans.service.feeds import Feeds
from lending.loans.service.incidents import Incidents
from lending.loans.service.members import Members
from lending.loans.service.nights import Nights
from lending.loans.service.overdue_steps import OverdueSteps
from lending.loans.service.placing import Placing
from lending.loans.service.preparation import Preparation
from lending.loans.service.reviews import Reviews
from lending.loans.service.rulebook import RuleBook
from lending.loans.service.timelines import Timelines
from lending.loans.service.wishes import Wishes
from lending.migrations.run import pending
from lending.network.service import Network
from lending.network.service.school_calendars import SchoolCalendars
from lending.notices.facts import FactsBySubject
from lending.notices.ports import PostOffice
from lending.notices.service import Notices
from lending.notices.service.preferences import Preferences
from lending.notices.service.wordings import Wordings
from lending.notices.transport import post_office
from lending.search.french import words
from lending.search.service import Search, open_index
from lending.search.synonym_list import SynonymList
from lending.search.unmet.queries import every_unmet
from lending.search.unmet.rules import filters_of
from lending.search.unmet.schemas import UnmetPeriod
from lending.search.unmet.service import UnmetDemand
from lending.search.upkeep import IndexUpkeep
from lending.settings import Settings
from lending.shipping.carriers.port import PricesByHand
from lending.shipping.carriers.service import Carriers
from lending.shipping.custody.service import Custody
from lending.shipping.deliveries.labels import DeliveryLabels
from lending.shipping.deliveries.service import Deliveries
from lending.shipping.papers.service import ShipmentPapers
from lending.shipping.rebalancing.notice_facts import PlanNoticeFacts
from lending.shipping.rebalancing.queries.facts import UnmetSource
from lending.shipping.rebalancing.schemas import UnmetFact
from lending.shipping.rebalancing.service import Rebalancing
from lending.shipping.relays.service import Relays
from lending.shipping.rounds.rules.places import Crow
from lending.shipping.rounds.service import Rounds
from lending.shipping.service import Shipping
from lending.shipping.service.rotating import Rotations
from lending.shipping.shipments.notice_facts import ShipmentNoticeFacts
from lending.shipping.shipments.service import Shipments
from lending.shipping.shipments.telling import arrivals_coming

# Whoever moves the clock of a demonstration by a school year stays signed in.
DEMO_SESSION_DAYS = 800


class NotMigratedError(RuntimeError):
    """The database is behind the code; serving would fail later and worse."""


@dataclass(frozen=True)
class Services:
    """Everything that a process works with."""

    settings: Settings
    db: Database
    clock: Clock
    network: Network
    school_calendars: SchoolCalendars
    accounts: Accounts
    notices: Notices
    wordings: Wordings
    preferences: Preferences
    overdue_steps: OverdueSteps
    nights: Nights
    catalog: Catalog
    photos: Photos
    sheets: Sheets
    media_sweep: MediaSweep
    imports: Imports
    exports: Exports
    loans: Loans
    rulebook: RuleBook
    conditions: Conditions
    contents: Contents
    placing: Placing
    stock: Stock
    stocktakes: Stocktakes
    vocabularies: Vocabularies
    printing: Printing
    history: History
    closures: Closures
    changes: Changes
    desk_acts: DeskActs
    cures: Cures
    feeds: Feeds
    wishes: Wishes
    baskets: Baskets
    incidents: Incidents
    reviews: Reviews
    declarations: Declarations
    members: Members
    appointments: Appointments
    timelines: Timelines
    papers: Papers
    paper_letters: PaperLetters
    preparation: Preparation
    search: Search
    shipping: Shipping
    shipments: Shipments
    shipment_papers: ShipmentPapers
    carriers: Carriers
    custody: Custody
    deliveries: Deliveries
    delivery_labels: DeliveryLabels
    relays: Relays
    rotations: Rotations
    rebalancing: Rebalancing
    rounds: Rounds
    upkeep: IndexUpkeep
    unmet: UnmetDemand
    synonym_list: SynonymList
    media: MediaStore
    readiness: Readiness

    def check(self) -> None:
        """Raise NotMigratedError or MissingGuardError unless the database is fit to serve."""
        with self.db.connect() as connection:
            if revision := pending(connection):
                message = f"the database lacks migration {revision}: run `lending migrate`"
                raise NotMigratedError(message)
            check_guards(connection)

    def close(self) -> None:
        """Let go of files and connections."""
        self.search.close()
        self.db.dispose()


def build(settings: Settings, clock: Clock | None = None, post: PostOffice | None = None) -> Services:
    """The objects of a process. Who simulates brings a clock and a post office; a demonstration can move its clock."""
    db = Database(settings.database_url)
    clock = clock or (ShiftedClock(db) if settings.demo else SystemClock())
    media = open_media_store(settings.media_dir, settings.media_url)
    accounts = _accounts(settings, db, clock)
    loans = Loans(db, clock)
    network = Network(db, clock)
    notices = _notices(settings, db, clock, post or post_office(settings.mail_url), accounts)
    search = Search(db, clock, open_index(settings.search_url, settings.search_key))
    upkeep = IndexUpkeep(db, clock, search.freshness, search.reindex)
    return Services(
        settings=settings,
        db=db,
        clock=clock,
        network=network,
        school_calendars=SchoolCalendars(db, clock),
        closures=Closures(db, clock, network),
        timelines=Timelines(db, clock),
        history=History(db),
        printing=Printing(db, clock, media, urlsplit(settings.base_url).netloc),
        vocabularies=Vocabularies(db, clock),
        stock=Stock(db, clock, loans.replan_title),
        stocktakes=Stocktakes(db, clock, whereabouts, loans.replan_title),
        contents=Contents(db, clock),
        placing=Placing(db, clock),
        changes=Changes(db, clock),
        desk_acts=DeskActs(db, clock),
        cures=Cures(db, clock),
        wishes=Wishes(db, clock),
        baskets=Baskets(db, clock),
        feeds=Feeds(db, clock, settings.base_url),
        incidents=Incidents(db, clock),
        preparation=Preparation(db, clock),
        papers=Papers(db, clock, media, urlsplit(settings.base_url).netloc),
        paper_letters=PaperLetters(db, clock, notices.writer),
        reviews=Reviews(db, clock),
        declarations=Declarations(db, clock, media),
        members=Members(db, clock),
        appointments=Appointments(db, clock),
        accounts=accounts,
        notices=notices,
        wordings=Wordings(db, clock, settings.base_url),
        preferences=Preferences(db, notices.stop_links),
        overdue_steps=OverdueSteps(db),
        nights=Nights(db, clock, notices.writer, lambda other: _facts(settings, other), [arrivals_coming]),
        catalog=Catalog(db, clock, media, loans.replan_title),
        photos=Photos(db, clock, media),
        sheets=Sheets(db, clock, media),
        media_sweep=MediaSweep(db, clock, media, {LOGOS: used_logos, DECLARED: used_photos}),
        imports=Imports(db, clock, loans.replan_title),
        exports=Exports(db, clock),
        loans=loans,
        shipping=Shipping(db, clock),
        shipments=Shipments(db, clock, settings.gs1_prefix),
        shipment_papers=ShipmentPapers(db, clock),
        carriers=Carriers(db, PricesByHand(db)),
        custody=Custody(db),
        deliveries=Deliveries(db, clock),
        delivery_labels=DeliveryLabels(db, clock),
        relays=Relays(db, clock),
        rotations=Rotations(db, clock),
        rebalancing=Rebalancing(db, clock, UnmetSource(_unmet_facts, words)),
        rounds=Rounds(db, clock, Crow()),
        rulebook=RuleBook(db, clock),
        conditions=Conditions(db, clock),
        search=search,
        upkeep=upkeep,
        unmet=UnmetDemand(db, clock),
        synonym_list=SynonymList(db, clock),
        media=media,
        readiness=Readiness(
            {"database": lambda: _database(db), "search": search.trouble},
            dispensable=("search",),
            figures={"search": upkeep.figures},
        ),
    )


def _unmet_facts(session: Session, codes: Collection[str], first_on: dt.date, last_on: dt.date) -> list[UnmetFact]:
    """What search counted, as shipping reads it."""
    return [
        UnmetFact(
            row.reason,
            row.association_code,
            row.words,
            tuple(filters_of(row.filters).get("theme", ())),
            row.searched_on,
            row.times,
        )
        for row in every_unmet(session, codes, UnmetPeriod(first_on, last_on))
    ]


def _accounts(settings: Settings, db: Database, clock: Clock) -> Accounts:
    days = DEMO_SESSION_DAYS if settings.demo else settings.session_days
    return Accounts(
        db,
        clock,
        base_url=settings.base_url,
        session_lifetime=dt.timedelta(days=days),
        link_lifetime=dt.timedelta(minutes=settings.magic_link_minutes),
    )


def _notices(settings: Settings, db: Database, clock: Clock, post: PostOffice, accounts: Accounts) -> Notices:
    return Notices(
        db,
        clock,
        post,
        _facts(settings, clock),
        accounts,
        Members(db, clock),
        base_url=settings.base_url,
        sender=settings.mail_from,
        per_minute=settings.mails_per_minute,
        link_lifetime=dt.timedelta(minutes=settings.magic_link_minutes),
    )


def _facts(settings: Settings, clock: Clock) -> FactsBySubject:
    """What messages are about, as it is by a clock."""
    return FactsBySubject(
        {
            "booking": BookingNoticeFacts(clock, settings.base_url),
            "school": AffiliationNoticeFacts(clock),
            "digest": DigestNoticeFacts(clock),
            "invitation": InvitationNoticeFacts(clock),
            "shipment": ShipmentNoticeFacts(clock),
            "plan": PlanNoticeFacts(),
        }
    )


def _database(db: Database) -> str | None:
    with db.connect() as connection:
        check_guards(connection)
        return "migration pending" if pending(connection) else None
