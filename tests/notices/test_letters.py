"""What is written: every kind in both languages, nothing left to fill in, nothing read as markup."""

import datetime as dt
from email.message import EmailMessage

import msgspec
import pytest

from lending.core.i18n import speaking
from lending.notices.letters import letter_about, sign_in_letter
from lending.notices.messages import Reader
from lending.notices.rendering import BadAddressError, Envelope, compose, message_id
from lending.notices.rules import NoticeKind
from lending.notices.samples import sample
from lending.notices.schemas import BookingFacts, Facts, Letter
from lending.notices.specs import ALL, SPECS, Spec
from lending.notices.wording import shown, written
from lending.notices.words import hours_in_words, unbroken
from tests.kit.mail import FACTS, LINK

READER = Reader(person_id=1, name="Léa Dupré", base_url="https://malles.example.org", reminder_number=2)
ENVELOPE = Envelope(
    key="overdue:12:2027-03-18:2",
    sender="La Malle commune <malles@example.org>",
    name="Léa Dupré",
    email="lea@ecole.example.org",
    sent_at=dt.datetime(2027, 3, 21, 7, 0, tzinfo=dt.UTC),
)


def letter(kind: str, facts: Facts = FACTS, reader: Reader = READER) -> Letter:
    if kind == NoticeKind.SIGN_IN_LINK:
        return sign_in_letter(reader, LINK, dt.timedelta(minutes=15))
    if kind in SPECS and SPECS[kind].about != "booking":
        facts = sample(SPECS[kind], "https://malles.example.org")[0]
    return letter_about(kind, facts, reader)


def mail(kind: str, code: str = "fr", facts: BookingFacts = FACTS) -> EmailMessage:
    with speaking(code):
        return compose(letter(kind, facts), ENVELOPE)


def sampled(spec: Spec, code: str) -> EmailMessage:
    with speaking(code):
        facts, reader = sample(spec, "https://malles.example.org")
        return compose(letter_about(spec.kind, facts, reader), ENVELOPE)


def body(message: EmailMessage, subtype: str) -> str:
    part = message.get_body((subtype,))
    assert part is not None
    return str(part.get_content())


def test_every_kind_has_a_letter() -> None:
    assert {*(one.kind for one in ALL), NoticeKind.SIGN_IN_LINK} == set(NoticeKind)


@pytest.mark.parametrize("code", ["fr", "en"])
@pytest.mark.parametrize("spec", ALL, ids=lambda spec: spec.name)
def test_a_sample_leaves_nothing_to_fill_in(spec: Spec, code: str) -> None:
    message = sampled(spec, code)
    for text in (message["Subject"], body(message, "plain"), body(message, "html")):
        assert not {"{", "}"} & set(text.replace("{margin", ""))
        assert "None" not in text
    assert message["Subject"] in body(message, "html").replace("&#39;", "'").replace("&amp;", "&")


@pytest.mark.parametrize("spec", ALL, ids=lambda spec: spec.name)
def test_a_text_names_only_variables_that_its_message_knows(spec: Spec) -> None:
    for code in ("fr", "en"):
        with speaking(code):
            said = spec.default()
            assert written(shown(said), spec.variables) == said


@pytest.mark.parametrize("code", ["fr", "en"])
@pytest.mark.parametrize("kind", NoticeKind)
def test_a_letter_leaves_nothing_to_fill_in(kind: str, code: str) -> None:
    message = mail(kind, code)
    for text in (message["Subject"], body(message, "plain")):
        assert "{" not in text
        assert "}" not in text
        assert "None" not in text
    assert message["Subject"] in body(message, "html").replace("&#39;", "'")
    assert message["Content-Language"] == code


@pytest.mark.parametrize("kind", NoticeKind)
def test_both_languages_say_it_in_their_own_words(kind: str) -> None:
    french, english = mail(kind, "fr"), mail(kind, "en")
    assert french["Subject"] != english["Subject"]
    assert body(french, "plain").startswith("Bonjour Léa Dupré,")
    assert body(english, "plain").startswith("Hello Léa Dupré,")


def test_dates_and_hours_are_in_words() -> None:
    text = body(mail("due-soon"), "plain")
    assert "au plus tard le jeudi 18 mars 2027" in text
    assert "mardi 9 h – 12 h 30, 14 h – 17 h" in text
    with speaking("en"):
        assert hours_in_words(FACTS.openings) == "Tuesday 9:00 – 12:30, 14:00 – 17:00"


@pytest.mark.parametrize(("number", "words"), [(1, "1er rappel"), (2, "2e rappel"), (3, "3e rappel"), (7, "7e rappel")])
def test_c126_a_reminder_tells_its_number(number: int, words: str) -> None:
    reader = msgspec.structs.replace(READER, reminder_number=number)
    assert letter("overdue", reader=reader).subject == f"{words} : « Malle coopération », en retard de 3 jours"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("« Le loup » : mardi 9 h 30 ; à bientôt !", "«~Le loup~»~: mardi 9~h~30~; à bientôt~!"),
        ("en retard de 7 jours, 1 jour, 48 heures, 12 €, 3 km", "en retard de 7~jours, 1~jour, 48~heures, 12~€, 3~km"),
        ("3 jouets, 2 hochets", "3 jouets, 2 hochets"),
    ],
)
def test_no_line_ends_before_a_sign_or_what_a_number_counts(text: str, kept: str) -> None:
    assert unbroken(text) == kept.replace("~", "\N{NO-BREAK SPACE}")
    with speaking("en"):
        assert unbroken(text) == text


@pytest.mark.parametrize(
    ("language", "text", "kept"),
    [
        ("fr", "mardi 9 h – 12 h 30, 14 h – 17 h", "mardi 9~h~– 12~h~30, 14~h~– 17~h"),
        ("en", "Tuesday 9:00 – 12:30, 14:00 – 17:00", "Tuesday 9:00~– 12:30, 14:00~– 17:00"),
    ],
)
def test_no_line_begins_with_the_dash_between_two_hours(language: str, text: str, kept: str) -> None:
    with speaking(language):
        assert unbroken(text) == kept.replace("~", "\N{NO-BREAK SPACE}")


@pytest.mark.parametrize("code", ["fr", "en"])
@pytest.mark.parametrize("spec", ALL, ids=lambda spec: spec.name)
def test_what_may_be_printed_asks_for_no_click_and_no_reply(spec: Spec, code: str) -> None:
    with speaking(code):
        facts, reader = sample(spec, "https://malles.example.org")
        letter = letter_about(spec.kind, facts, reader)
    told = " ".join((*letter.paragraphs, letter.closing)).lower()
    assert not any(word in told for word in ("répondez à ce", "cliquez", "click", "this message"))


def test_one_day_late_is_singular() -> None:
    facts = msgspec.structs.replace(FACTS, days_late=1)
    assert letter("overdue", facts).subject.endswith("en retard de 1 jour")


def test_an_incomplete_return_lists_what_was_found() -> None:
    assert "- Loupe : 5 sur 6" in body(mail("returned-incomplete"), "plain")


def test_staff_and_borrower_read_different_advice_on_a_booking_at_risk() -> None:
    staff = letter("at-risk", reader=msgspec.structs.replace(READER, person_id=2))
    assert "choisir un autre exemplaire" in staff.paragraphs[-1]
    assert "cherche une solution" in letter("at-risk").paragraphs[-1]
    assert "vous suivez les réservations" in staff.reason


def test_the_foot_says_why_it_was_sent() -> None:
    text = body(mail("due-soon"), "plain")
    assert text.rstrip().endswith("parce que la réservation R7KQ2M est à votre nom.")


def test_the_link_stands_in_both_forms_of_the_letter() -> None:
    message = mail("sign-in-link")
    assert LINK in body(message, "plain")
    assert f'href="{LINK}"' in body(message, "html")


def test_what_people_typed_is_never_markup() -> None:
    facts = msgspec.structs.replace(FACTS, title_name='<script>x</script> & "y" {school}')
    text, html = body(mail("changed", facts=facts), "plain"), body(mail("changed", facts=facts), "html")
    assert '<script>x</script> & "y" {school}' in text
    assert "<script>" not in html
    assert "&lt;script&gt;x&lt;/script&gt; &amp; &#34;y&#34; {school}" in html


def test_no_text_can_begin_another_header() -> None:
    facts = msgspec.structs.replace(FACTS, title_name="Malle\r\nBcc: all@example.org")
    envelope = msgspec.structs.replace(ENVELOPE, name="Léa\nBcc: all@example.org")
    message = compose(letter("changed", facts), envelope)
    assert "Bcc" not in message
    assert b"\nBcc:" not in message.as_bytes().partition(b"\r\n\r\n")[0]
    assert message["Subject"] == "Réservation modifiée : Malle Bcc: all@example.org"


def test_the_headers_are_those_of_a_polite_sender() -> None:
    message = mail("overdue")
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Id"] == "<notices.example.org>"
    assert message["Reply-To"] == "ad35@example.org"
    assert message["Date"] == "Sun, 21 Mar 2027 07:00:00 +0000"
    assert message["To"] == "Léa Dupré <lea@ecole.example.org>"


def test_the_message_id_is_the_keys_own() -> None:
    first = message_id("overdue:12:2027-03-18:2", "example.org")
    assert first == message_id("overdue:12:2027-03-18:2", "example.org") == mail("overdue")["Message-ID"]
    assert first != message_id("overdue-12-2027-03-18-2", "example.org")


@pytest.mark.parametrize(
    "email", ["", "lea", "lea@", "@ecole", "a b@c.org", "a@b.org, c@d.org", "a@b.org\r\nBcc: c@d.org"]
)
def test_an_address_that_cannot_be_written_is_refused(email: str) -> None:
    with pytest.raises(BadAddressError):
        compose(letter("changed"), msgspec.structs.replace(ENVELOPE, email=email))
