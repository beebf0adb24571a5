"""The local folder and the mail server: what is taken, what is refused, and whose fault it is."""

import smtplib
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from lending.core.clock import Clock
from lending.core.database import Database
from lending.notices import transport
from lending.notices.mailbox import MailFolder, MailNotFound
from lending.notices.ports import (
    DeliveryError,
    PermanentFailureError,
    PostOfficeClosedError,
    TemporaryFailureError,
)
from lending.notices.transport import BadMailUrlError, FolderPost, SmtpPost, post_office
from tests.kit.mail import FakeFacts, FakePost, MailServer, create_notices, create_reader, tell


def message(subject: str = "Bonjour", to: str = "lea@ecole.example.org") -> EmailMessage:
    made = EmailMessage()
    made["From"], made["To"], made["Subject"] = "malles@example.org", to, subject
    made["Date"], made["Content-Language"] = "Sun, 21 Mar 2027 07:00:00 +0000", "fr"
    made.set_content("À bientôt")
    made.add_alternative("<p>À bientôt</p>", subtype="html")
    return made


def send(url: str, *letters: EmailMessage) -> None:
    with post_office(url).open() as carrier:
        for number, letter in enumerate(letters):
            carrier.carry(f"changed:{number}", letter)


@pytest.fixture
def server() -> Iterator[MailServer]:
    with MailServer() as running:
        yield running


class TestAddresses:
    @pytest.mark.parametrize(
        ("url", "folder"), [("file:var/mails", "var/mails"), ("file:///srv/my%20mails", "/srv/my mails")]
    )
    def test_a_folder_may_be_near_or_far(self, url: str, folder: str) -> None:
        assert post_office(url) == FolderPost(Path(folder))

    @pytest.mark.parametrize("url", ["", "var/mails", "ftp://x", "smtp:", "smtp://"])
    def test_anything_else_is_refused(self, url: str) -> None:
        with pytest.raises(BadMailUrlError):
            post_office(url)

    def test_a_password_is_in_no_representation(self) -> None:
        post = post_office("smtps://malles:s%C3%A9same@mail.example.org")
        assert isinstance(post, SmtpPost)
        assert post.server.password[1:] == "ésame"
        assert (post.server.port, post.server.uses_tls) == (465, True)
        assert "same" not in repr(vars(post))


class TestFolder:
    def test_a_letter_sent_again_replaces_itself(self, tmp_path: Path) -> None:
        send(f"file:{tmp_path}/mails", message("un"))
        send(f"file:{tmp_path}/mails", message("deux"))
        (summary,) = MailFolder(tmp_path / "mails").newest()
        assert summary.subject == "deux"
        assert [file.suffix for file in (tmp_path / "mails").iterdir()] == [".eml"]

    def test_the_inbox_shows_the_newest_first_and_opens_them(self, tmp_path: Path) -> None:
        send(f"file:{tmp_path}", message("un"), message("Épilogue"))
        folder = MailFolder(tmp_path)
        newest, oldest = folder.newest()
        assert (newest.subject, oldest.subject) == ("Épilogue", "un")
        assert folder.newest(limit=1) == [newest]
        mail = folder.read(newest.name)
        assert (mail.summary, mail.sender) == (newest, "malles@example.org")
        assert (mail.text.strip(), mail.html.strip()) == ("À bientôt", "<p>À bientôt</p>")

    @pytest.mark.parametrize(
        "name", ["../secret.eml", "/etc/passwd", "x.eml", "..", "a\\b.eml", ".hidden.eml", "x\0.eml"]
    )
    def test_only_names_of_the_folder_are_read(self, tmp_path: Path, name: str) -> None:
        (tmp_path / "secret.eml").write_text("Subject: x\n\n")
        (tmp_path / "mails").mkdir()
        (tmp_path / "mails" / ".hidden.eml").write_text("Subject: x\n\n")
        with pytest.raises(MailNotFound):
            MailFolder(tmp_path / "mails").read(name)

    def test_an_inbox_without_a_folder_is_empty(self, tmp_path: Path) -> None:
        assert MailFolder(tmp_path / "nowhere").newest() == []

    def test_a_folder_that_cannot_be_made_closes_the_post(self, tmp_path: Path) -> None:
        (tmp_path / "mails").write_text("a file is in the way")
        with pytest.raises(PostOfficeClosedError, match="cannot write"):
            send(f"file:{tmp_path}/mails", message())
        with pytest.raises(PostOfficeClosedError, match="cannot write"):
            post_office(f"file:{tmp_path}/mails").check()

    def test_a_check_leaves_nothing_behind(self, tmp_path: Path) -> None:
        post_office(f"file:{tmp_path}/mails").check()
        assert list((tmp_path / "mails").iterdir()) == []

    def test_the_service_shows_its_own_folder_and_none_of_a_server(
        self, database: Database, clock: Clock, tmp_path: Path
    ) -> None:
        notices = create_notices(database, clock, FolderPost(tmp_path), FakeFacts())
        tell(database, clock, create_reader(database))
        notices.send_waiting()
        (summary,) = notices.inbox()
        assert "R7KQ2M" in notices.read_mail(summary.name).text
        elsewhere = create_notices(database, clock, FakePost(), FakeFacts())
        assert elsewhere.inbox() == []
        with pytest.raises(MailNotFound):
            elsewhere.read_mail(summary.name)


class TestServer:
    def test_letters_of_one_turn_share_a_conversation(self, server: MailServer) -> None:
        send(server.url, message("un"), message("deux"))
        assert [taken["Subject"] for taken in server.taken] == ["un", "deux"]

    @pytest.mark.parametrize(
        ("answer", "error"),
        [
            ("451 try later", TemporaryFailureError),
            ("550 not wanted", PermanentFailureError),
            ("421 closing", PostOfficeClosedError),
        ],
    )
    def test_the_answer_decides_what_follows(self, server: MailServer, answer: str, error: type[DeliveryError]) -> None:
        server.answer = lambda _message: answer
        with pytest.raises(error, match=answer):
            send(server.url, message())

    @pytest.mark.parametrize(
        ("answer", "error"),
        [("450 greylisted", TemporaryFailureError), ("550 no such user", PermanentFailureError)],
    )
    def test_a_refused_recipient_is_that_letters_trouble(
        self, server: MailServer, answer: str, error: type[DeliveryError]
    ) -> None:
        server.answer_to_recipient = answer
        with pytest.raises(error, match=answer):
            send(server.url, message())

    def test_after_a_refusal_the_next_letter_goes_out(self, server: MailServer) -> None:
        server.answer = lambda taken: "550 no" if taken["Subject"] == "un" else None
        with post_office(server.url).open() as carrier:
            with pytest.raises(PermanentFailureError):
                carrier.carry("1", message("un"))
            carrier.carry("2", message("deux"))
        assert [taken["Subject"] for taken in server.taken] == ["deux"]

    def test_an_address_that_the_server_cannot_take_is_hopeless(self) -> None:
        with MailServer(takes_accents=False) as plain, pytest.raises(PermanentFailureError):
            send(plain.url, message(to="léa@ecole.example.org"))

    def test_nobody_listening_closes_the_post(self) -> None:
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            url = f"smtp://127.0.0.1:{unused.getsockname()[1]}"
            with pytest.raises(PostOfficeClosedError, match=r"cannot talk to 127\.0\.0\.1"):
                send(url, message())

    def test_a_refused_password_closes_the_post_and_is_told_to_nobody(self, server: MailServer) -> None:
        url = server.url.replace("//", "//malles:sesame@")
        with pytest.raises(PostOfficeClosedError) as refusal:
            post_office(url).check()
        assert "sesame" not in str(refusal.value)

    def test_a_password_never_travels_in_clear_to_another_machine(
        self, server: MailServer, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(transport, "is_this_machine", lambda _host: False)
        monkeypatch.setattr(smtplib.SMTP, "login", lambda *_: pytest.fail("the password was sent"))
        with pytest.raises(PostOfficeClosedError, match="offers no TLS"):
            post_office(server.url.replace("//", "//malles:sesame@")).check()

    def test_a_check_greets_and_sends_nothing(self, server: MailServer) -> None:
        post_office(server.url).check()
        assert server.taken == []
