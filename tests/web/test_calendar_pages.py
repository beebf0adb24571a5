"""When depots are open and closed, and the school year of each zone, as pages."""

import datetime as dt
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from sqlalchemy import update

from lending.core.actor import Role
from lending.core.database import Database
from lending.network.tables import Association
from tests.kit.clock import FixedClock
from tests.kit.loans import World, create_world
from tests.kit.network import create_depot, create_person
from tests.kit.pages import Browser, browsing, hidden, words_of

PERIODS = {
    "starts_1": "2028-09-04", "last_1": "2028-10-20", "starts_2": "2028-11-06", "last_2": "2028-12-15",
    "starts_3": "2029-01-03", "last_3": "2029-02-16", "starts_4": "2029-03-05", "last_4": "2029-04-13",
    "starts_5": "2029-04-30", "last_5": "2029-07-06",
}  # fmt: skip


@pytest.fixture
def world(sqlite_url: str, clock: FixedClock) -> World:
    return create_world(Database(sqlite_url), clock, weekdays=(0, 1, 2, 3, 4), copies=2)


@pytest.fixture
def browser(world: World, sqlite_url: str, clock: FixedClock, tmp_path: Path) -> Iterator[Browser]:
    with browsing(tmp_path, sqlite_url, clock) as browser:
        browser.sign_in(world.staff)
        yield browser


def become_admin(browser: Browser, world: World) -> None:
    with world.db.write() as session:
        admin = create_person(session, Role.ADMIN, world.federation)
    browser.sign_in(admin)


class TestHours:
    def test_a_day_has_several_stretches_at_the_desk_and_in_the_office(self, browser: Browser, world: World) -> None:
        path = f"/depots/{world.depot.id}"
        morning = {"opens_2": "09:00", "closes_2": "12:00", "serves_2": "desk"}
        browser.post(f"{path}/openings", **morning, opens_2_2="14:00", closes_2_2="17:00", serves_2_2="office")
        page = browser.get(path)
        assert "mercredi 09:00 – 12:00, 14:00 – 17:00 (bureau, guichet fermé)" in words_of(page)
        assert re.search(r'id="serves_2_2".*?<option value="office" selected>', page)

    def test_no_stretch_is_lost_when_a_day_has_more_of_them_than_usual(self, browser: Browser, world: World) -> None:
        path = f"/depots/{world.depot.id}"
        hours = {f"{word}_0{tail}": f"{hour:02}:00" for n, tail in enumerate(("", "_2", "_3"))
                 for word, hour in (("opens", 8 + 3 * n), ("closes", 10 + 3 * n))}  # fmt: skip
        browser.post(f"{path}/openings", **hours)
        sent = dict(re.findall(r'id="((?:opens|closes)_\w+)" name="[^"]+" value="(\d\d:\d\d)"', browser.get(path)))
        assert sent == hours

    @pytest.mark.parametrize(
        ("hours", "field"),
        [
            ({"opens_0": "09:00", "closes_0": "12:00", "opens_0_2": "11:00", "closes_0_2": "13:00"}, "opens_0_2"),
            ({"opens_0": "09:00", "closes_0": "12:00", "serves_0": "garden"}, "opens_0"),
            ({"opens_3_2": "18:00", "closes_3_2": "13:00"}, "opens_3_2"),
        ],
    )
    def test_stretches_that_make_no_sense_are_refused_beside_theirs(
        self, browser: Browser, world: World, hours: dict[str, str], field: str
    ) -> None:
        page = browser.post(f"/depots/{world.depot.id}/openings", 400, **hours)
        assert f'id="{field}-error"' in page
        assert browser.services.network.depot(world.depot.id).openings[0].closes_at == dt.time(17)

    def test_a_teacher_sees_the_hours_of_the_desk_only(self, browser: Browser, world: World) -> None:
        booking = world.reserve(7, 5)
        hours = {"opens_2": "09:00", "closes_2": "12:00", "opens_3": "14:00", "closes_3": "17:00", "serves_3": "office"}
        browser.post(f"/depots/{world.depot.id}/openings", **hours)
        browser.sign_in(world.teacher)
        said = words_of(browser.get(f"/reservations/{booking.id}"))
        assert "mercredi 9 h à 12 h" in said
        assert "14 h" not in said


class TestDays:
    def test_a_depot_opens_exceptionally_and_closes_again(self, browser: Browser, world: World) -> None:
        path = f"/depots/{world.depot.id}"
        browser.post(f"{path}/exceptional-openings", opens_on="2027-03-06", opening_reason="Portes ouvertes")
        assert "samedi 6 mars" in words_of(browser.get(path))
        assert "Portes ouvertes" in words_of(browser.get(path))
        browser.post(f"{path}/exceptional-openings/2027-03-06/removal")
        assert "Portes ouvertes" not in words_of(browser.get(path))
        browser.post(f"{path}/exceptional-openings/2027-03-06/removal", 404)

    def test_an_exceptional_opening_without_its_day_is_refused_beside_the_field(
        self, browser: Browser, world: World
    ) -> None:
        assert 'id="opens_on-error"' in browser.post(f"/depots/{world.depot.id}/exceptional-openings", 400)

    def test_a_yearly_closure_is_said_to_come_back(self, browser: Browser, world: World) -> None:
        path = f"/depots/{world.depot.id}"
        fields = {"starts_on": "2026-08-03", "ends_on": "2026-08-20", "reason": "Été", "repeats_yearly": "on"}
        browser.post(f"{path}/closures", **fields)
        assert "chaque année, du 3 août au 20 août" in words_of(browser.get(path))

    def test_the_next_public_holidays_of_the_territory_are_named(self, browser: Browser, world: World) -> None:
        path = f"/depots/{world.depot.id}"
        assert "jours fériés" not in words_of(browser.get(path)).partition("Ouvertures exceptionnelles")[0]
        with world.db.write() as session:
            session.execute(update(Association).values(holiday_territory="57"))
        assert "Fermé les jours fériés" in words_of(browser.get(path))
        assert "26 mars" in words_of(browser.get(path))

    @pytest.mark.parametrize("wrong", ["0", "1000", "beaucoup"])
    def test_hand_overs_a_day_are_limited(self, browser: Browser, world: World, wrong: str) -> None:
        path = f"/depots/{world.depot.id}"
        browser.post(f"{path}/handovers", max_handovers="12")
        assert "12 remises par jour au plus" in words_of(browser.get(path))
        assert 'id="max_handovers-error"' in browser.post(f"{path}/handovers", 400, max_handovers=wrong)
        browser.post(f"{path}/handovers", max_handovers="")
        assert browser.services.network.depot(world.depot.id).max_handovers_per_day is None

    @pytest.mark.parametrize(
        ("action", "fields"),
        [
            ("handovers", {"max_handovers": "3"}),
            ("exceptional-openings", {"opens_on": "2027-03-06"}),
            ("exceptional-openings/2027-03-06/removal", {}),
            ("closures", {"starts_on": "2027-03-06", "ends_on": "2027-03-06"}),
        ],
    )
    def test_who_does_not_work_there_changes_nothing(
        self, browser: Browser, world: World, action: str, fields: dict[str, str]
    ) -> None:
        browser.sign_in(world.teacher)
        browser.post(f"/depots/{world.depot.id}/{action}", 403, **fields)


class TestClosing:
    def test_what_a_closure_hits_is_shown_first_then_moved(self, browser: Browser, world: World) -> None:
        booking = world.reserve(7, 5)
        last_on = booking.due_on + dt.timedelta(days=1)
        fields = {"starts_on": booking.due_on, "ends_on": last_on, "reason": "Travaux"}
        path = f"/depots/{world.depot.id}/closures"
        page = browser.post(path, 200, **fields)
        assert "1 prêt commence ou finit sur ces jours" in words_of(page)
        assert browser.services.network.depot(world.depot.id).closures == []
        browser.post(path, **fields, confirmed=hidden(page, "confirmed"))
        moved = browser.services.loans.reservation(world.teacher, booking.id).reservation
        assert moved.due_on > last_on
        assert len(browser.services.network.depot(world.depot.id).closures) == 1

    def test_several_depots_are_closed_together(self, browser: Browser, world: World) -> None:
        with world.db.write() as session:
            other, third = (create_depot(session, world.association, name) for name in ("Vitré", "Redon"))
        path = f"/organisations/{world.association.id}/closures"
        assert "Vitré" in words_of(browser.get(path))
        fields = {"starts_on": "2027-05-03", "ends_on": "2027-05-07", "reason": "Congrès"}
        browser.post(path, **{f"depot_{world.depot.id}": "on", f"depot_{other.id}": "on"}, **fields)
        reasons = {one.id: [closure.reason for closure in one.closures] for one in browser.services.network.depots()}
        assert reasons == {world.depot.id: ["Congrès"], other.id: ["Congrès"], third.id: []}

    @pytest.mark.parametrize(
        ("ticked", "starts_on", "ends_on", "field"),
        [
            (False, "2027-05-03", "2027-05-07", "depots"),
            (True, "", "2027-05-07", "starts_on"),
            (True, "2027-05-03", "2027-05-01", "ends_on"),
        ],
    )
    def test_a_closing_that_makes_no_sense_is_refused_beside_its_field(
        self, browser: Browser, world: World, ticked: bool, starts_on: str, ends_on: str, field: str
    ) -> None:
        depots = {f"depot_{world.depot.id}": "on"} if ticked else {}
        path = f"/organisations/{world.association.id}/closures"
        assert f'id="{field}-error"' in browser.post(path, 400, **depots, starts_on=starts_on, ends_on=ends_on)

    def test_who_does_not_work_there_is_not_shown_the_form(self, browser: Browser, world: World) -> None:
        browser.sign_in(world.teacher)
        browser.get(f"/organisations/{world.association.id}/closures", 403)


class TestSchoolYears:
    def test_c046_everybody_sees_published_periods_and_that_others_are_not_published(
        self, browser: Browser, world: World
    ) -> None:
        browser.services.school_calendars.load_published()
        browser.client.cookies.clear()
        page = browser.get("/calendars?year=2026")
        zone_b, unknown = words_of(page).partition("Zone B")[2], words_of(page).partition("Pas encore publié")[2]
        assert "P3 4 janv. 2027 19 févr. 2027" in zone_b
        assert "prêts jusqu’au 15 juin" in zone_b
        assert "Zone La Réunion" in unknown
        assert "Zone B" not in unknown
        assert "Modifier" not in words_of(page)

    def test_an_administrator_writes_down_a_year_that_nobody_published(self, browser: Browser, world: World) -> None:
        become_admin(browser, world)
        form = browser.get("/calendars/2028/B")
        assert "n’est pas publiée" in words_of(form)
        after = browser.post("/calendars/2028/B", version=hidden(form, "version"), **PERIODS)
        assert after == "/calendars?year=2028&done=saved"
        known = browser.services.school_calendars.one("B", 2028)
        assert known is not None
        assert (known.source, known.version, known.periods[4].ends_on) == ("edited", 1, dt.date(2029, 7, 7))
        assert "Saisi par la fédération" in words_of(browser.get("/calendars?year=2028"))

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"starts_3": ""}, "starts_3"),
            ({"last_3": "2029-01-02"}, "starts_3"),
            ({"starts_2": "2028-10-20"}, "starts_2"),
            ({"last_5": "9999-12-31"}, "last_5"),
            ({"last_5": "2029-09-01"}, "starts_5"),
        ],
    )
    def test_periods_that_make_no_sense_are_refused_beside_theirs(
        self, browser: Browser, world: World, wrong: dict[str, str], field: str
    ) -> None:
        become_admin(browser, world)
        page = browser.post("/calendars/2028/B", 400, version="0", **PERIODS | wrong)
        assert f'id="{field}-error"' in page
        assert 'value="2028-09-04"' in page

    def test_a_change_over_somebody_elses_change_is_refused_and_theirs_is_shown(
        self, browser: Browser, world: World
    ) -> None:
        become_admin(browser, world)
        browser.post("/calendars/2028/B", version="0", **PERIODS)
        page = browser.post("/calendars/2028/B", 412, version="0", **PERIODS | {"starts_1": "2028-09-05"})
        assert "Modifié entre-temps" in words_of(page)
        assert 'value="2028-09-04"' in page
        assert hidden(page, "version") == "1"

    @pytest.mark.parametrize("path", ["/calendars/2028/Z", "/calendars/1999/B", "/calendars/2028/B%27"])
    def test_zones_and_years_that_nobody_knows_have_no_form(self, browser: Browser, world: World, path: str) -> None:
        become_admin(browser, world)
        status = browser.client.get(path, follow_redirects=False).status_code
        assert status in (400, 404)

    def test_only_the_federation_writes_school_years(self, browser: Browser) -> None:
        browser.get("/calendars/2028/B", 403)
        browser.post("/calendars/2028/B", 403, version="0", **PERIODS)
        browser.client.cookies.clear()
        answer = browser.client.get("/calendars/2028/B", follow_redirects=False)
        assert answer.status_code in (303, 401), unescape(answer.text)


class TestApi:
    def test_several_depots_are_closed_together_after_a_preview(self, browser: Browser, world: World) -> None:
        booking = world.reserve(7, 5)
        closure = {"starts_on": str(booking.due_on), "ends_on": str(booking.due_on + dt.timedelta(days=2))}
        body = {"depot_ids": [world.depot.id], "closure": closure}
        seen = browser.client.post("/api/closures/preview", json=body)
        assert (seen.status_code, seen.json()["is_announced"], len(seen.json()["hits"])) == (200, False, 1)
        assert browser.services.network.depot(world.depot.id).closures == []
        done = browser.client.post("/api/closures", json=body)
        assert (done.status_code, done.json()["is_announced"]) == (201, True)
        assert len(browser.services.network.depot(world.depot.id).closures) == 1

    def test_a_depot_opens_exceptionally_and_limits_its_hand_overs(self, browser: Browser, world: World) -> None:
        path = f"/api/depots/{world.depot.id}"
        opened = browser.client.put(f"{path}/exceptional-openings/2027-05-01", json={"reason": "Fête"})
        assert opened.json()["exceptional_openings"] == [{"opens_on": "2027-05-01", "reason": "Fête"}]
        limited = browser.client.put(f"{path}/handover-limit", json={"max_handovers_per_day": 5})
        assert limited.json()["max_handovers_per_day"] == 5
        assert browser.client.delete(f"{path}/exceptional-openings/2027-05-01").status_code == 204
        assert browser.services.network.depot(world.depot.id).exceptional_openings == []

    def test_a_school_year_is_written_down_and_listed(self, browser: Browser, world: World) -> None:
        become_admin(browser, world)
        periods = [
            {"number": n, "starts_on": PERIODS[f"starts_{n}"], "ends_on": PERIODS[f"last_{n}"]} for n in range(1, 6)
        ]
        body = {"version": 0, "periods": periods}
        saved = browser.client.put("/api/school-calendars/2028/B", json=body)
        assert (saved.status_code, saved.json()["source"]) == (200, "edited")
        assert browser.client.get("/api/school-calendars").json() == [saved.json()]
        again = browser.client.put("/api/school-calendars/2028/B", json=body)
        assert (again.status_code, again.json()["type"]) == (412, "/problems/version-changed")
        assert browser.client.put("/api/school-calendars/2028/Z", json=body).status_code == 404
