"""Owns the letter to a guardian, and who carries it: the application hands a carrier in."""

from datetime import datetime
from typing import Protocol, cast
from zoneinfo import ZoneInfo

from flask import Flask, current_app

from backend.errors import Unavailable

EXTENSION = "dongne_guardian_letters"
SUBJECT = "자녀의 우리동네 혁신제품 이용 동의 요청 / Consent for your child"

_TEXT = """\
안녕하세요. '우리동네 혁신제품'입니다.

만 14세 미만인 {name} 님이 제안을 제출하려고 법정대리인의 동의를 요청했습니다.
아래 주소에서 내용을 확인하고 동의하거나 거부할 수 있습니다. {until}까지 한 번만 쓸 수 있습니다.

{link}

모르는 일이라면 이 메일을 무시하세요. 이 주소는 답을 받는 즉시, 답이 없으면 기한이 지난 뒤 지웁니다.

--

{name}, who is under 14, wants to submit a proposal to "Our Neighborhood Innovative Products" and
asks for a guardian's consent. Read what it is about, and agree or refuse, at the address above; it
can be used once, until {until} (Korean time). If you know nothing of this, ignore the letter. Your
address is deleted as soon as you answer, or when the time is over.
"""


class LetterCarrier(Protocol):
    """Sends one e-mail; raises when it could not be handed over, and the job is tried again."""

    def __call__(self, *, to: str, subject: str, text: str) -> None:
        """Send a letter of plain text."""
        ...


class LettersNotSent(Unavailable):
    """This installation sends no e-mail, so that no guardian can be asked."""

    code = "letters_not_sent"
    ko = "이 서비스는 아직 이메일을 보낼 수 없어 법정대리인의 동의를 받을 수 없습니다."
    en = "This installation cannot send e-mail yet, so no guardian can be asked."
    retry_after_s = 60 * 60


def connect_carrier(app: Flask, carrier: LetterCarrier) -> None:
    """Let letters to guardians be carried."""
    app.extensions[EXTENSION] = carrier


def current_carrier() -> LetterCarrier:
    """Return what carries the letters of this application.

    :raises LettersNotSent: when nothing does.
    """
    carrier = current_app.extensions.get(EXTENSION)
    if carrier is None:
        raise LettersNotSent
    return cast("LetterCarrier", carrier)


def write_letter(*, name: str, link: str, expires_at: datetime) -> str:
    """Return the text of the letter, in both languages: which one the guardian reads is unknown."""
    until = expires_at.astimezone(ZoneInfo("Asia/Seoul"))
    return _TEXT.format(name=name, link=link, until=f"{until:%Y-%m-%d %H:%M}")
