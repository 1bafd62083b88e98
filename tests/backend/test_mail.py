"""Mail goes to one address over SMTP, or says why it does not; a real server on loopback."""

from collections.abc import Iterator
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from backend.config import ConfigurationError, load_config
from backend.config.mail import MailServer, mail_server
from backend.mail import MailNotSent, MailOff, MailRefused, is_mail_on, send_mail
from tests.support.mailbox import Mailbox, running_mail_server

FROM = "우리동네 <no-reply@dongne.example>"


@pytest.fixture
def mailbox() -> Mailbox:
    """What the server took."""
    return Mailbox()


@pytest.fixture
def server(mailbox: Mailbox) -> Iterator[Controller]:
    """A mail server on a port of loopback."""
    with running_mail_server(mailbox) as controller:
        yield controller


@pytest.fixture
def settings(server: Controller) -> dict[str, Any]:
    """Settings that name the server."""
    url = f"smtp://{server.hostname}:{server.port}"
    return {"MAIL_SERVER": mail_server(url), "MAIL_FROM": FROM}


def test_korean_arrives_as_it_was_written(settings: dict[str, Any], mailbox: Mailbox) -> None:
    send_mail(settings, "min@example.com", "비밀번호 재설정 안내", "안녕하세요.\n동네입니다.\n")
    ((envelope, mail),) = mailbox.taken
    assert envelope.rcpt_tos == ["min@example.com"]
    assert envelope.mail_from == "no-reply@dongne.example"
    assert (mail["To"], mail["Subject"]) == ("min@example.com", "비밀번호 재설정 안내")
    assert mail["From"] == FROM
    assert mail.get_content().splitlines() == ["안녕하세요.", "동네입니다."]


def test_a_mail_says_that_a_machine_wrote_it(settings: dict[str, Any], mailbox: Mailbox) -> None:
    send_mail(settings, "min@example.com", "s", "t", headers={"List-Unsubscribe": "<mailto:a@b.c>"})
    mail = mailbox.taken[0][1]
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] == "<mailto:a@b.c>"
    assert mail["Message-ID"].endswith("@dongne.example>")


def test_every_byte_on_the_wire_is_ascii(settings: dict[str, Any], mailbox: Mailbox) -> None:
    send_mail(settings, "min@example.com", "제목", "내용" * 500)
    assert mailbox.taken[0][0].content.isascii()


@pytest.mark.parametrize(
    ("to", "subject"),
    [
        ("min@example.com\r\nBcc: all@example.com", "s"),
        ("min@example.com\nBcc: all@example.com", "s"),
        ("min@example.com, all@example.com", "s"),
        ("all@example.com <min@example.com>", "s"),
        ("min@example.com", "s\r\nBcc: all@example.com"),
        ("min@example.com", "s\nBcc: all@example.com"),
        ("no address", "s"),
        ("@example.com", "s"),
        ("min@", "s"),
        ("", "s"),
    ],
)
def test_nothing_but_one_address_and_one_line_gets_into_a_header(
    settings: dict[str, Any], mailbox: Mailbox, to: str, subject: str
) -> None:
    with pytest.raises(MailRefused):
        send_mail(settings, to, subject, "t")
    assert mailbox.taken == []


def test_an_address_that_the_server_refuses_is_refused_for_good(
    settings: dict[str, Any], mailbox: Mailbox
) -> None:
    mailbox.refusal = "550 no such mailbox"
    with pytest.raises(MailRefused):
        send_mail(settings, "nobody@example.com", "s", "t")


def test_a_busy_server_is_tried_again(settings: dict[str, Any], mailbox: Mailbox) -> None:
    mailbox.refusal = "451 try again later"
    with pytest.raises(MailNotSent) as failure:
        send_mail(settings, "min@example.com", "s", "t")
    assert not isinstance(failure.value, MailRefused)


def test_a_server_that_is_not_there_is_tried_again(
    settings: dict[str, Any], server: Controller
) -> None:
    server.stop()
    with pytest.raises(MailNotSent) as failure:
        send_mail(settings, "min@example.com", "s", "t")
    assert not isinstance(failure.value, MailRefused)


def test_a_server_without_tls_gets_nothing_where_tls_is_asked_for(
    settings: dict[str, Any], server: Controller, mailbox: Mailbox
) -> None:
    settings["MAIL_SERVER"] = mail_server(f"smtp://{server.hostname}:{server.port}?starttls")
    with pytest.raises(MailNotSent):
        send_mail(settings, "min@example.com", "s", "t")
    assert mailbox.taken == []


def test_without_a_server_mail_is_off_and_says_so() -> None:
    settings = {"MAIL_SERVER": mail_server(""), "MAIL_FROM": FROM}
    assert not is_mail_on(settings)
    with pytest.raises(MailOff, match="DONGNE_SMTP_URL"):
        send_mail(settings, "min@example.com", "s", "t")


@pytest.mark.parametrize(
    ("url", "server"),
    [
        (
            "smtp://u%40x:p%3Aw@mail.example?starttls",
            MailServer("mail.example", 587, "u@x", "p:w", False, True),
        ),
        ("smtp://mail.example", MailServer("mail.example", 25, None, None, False, False)),
        ("smtps://u:p@mail.example/", MailServer("mail.example", 465, "u", "p", True, False)),
        ("smtp://u:p@127.0.0.1:2525", MailServer("127.0.0.1", 2525, "u", "p", False, False)),
    ],
)
def test_a_server_is_named_by_its_address(url: str, server: MailServer) -> None:
    assert mail_server(url) == server


@pytest.mark.parametrize(
    ("variable", "text"),
    [
        ("DONGNE_SMTP_URL", "http://mail.example"),
        ("DONGNE_SMTP_URL", "smtp://"),
        ("DONGNE_SMTP_URL", "smtp://mail.example:99999"),
        ("DONGNE_SMTP_URL", "smtp://mail.example?tls=yes"),
        ("DONGNE_SMTP_URL", "smtps://mail.example?starttls"),
        ("DONGNE_SMTP_URL", "smtp://u:p@mail.example"),
        ("DONGNE_MAIL_FROM", "nobody"),
        ("DONGNE_MAIL_FROM", "a@b.c\nBcc: all@example.com"),
    ],
)
def test_nonsense_fails_at_start(variable: str, text: str) -> None:
    environ = {"DATABASE_URL": "postgresql://db/x", "DONGNE_SECRET_KEY": "s" * 32, variable: text}
    with pytest.raises(ConfigurationError, match=variable):
        load_config(environ=environ)
