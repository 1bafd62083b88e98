"""Owns the mail about an account itself, in both languages; notices of all else are elsewhere."""

from collections.abc import Mapping
from typing import Any

from backend.accounts.new_passwords import LIFE
from backend.mail import send_mail

_SUBJECT = "[우리동네 혁신제품] 비밀번호 재설정 / New password"
_TEXT = """\
비밀번호를 다시 정해 달라는 요청을 받았습니다.
아래 코드를 {minutes}분 안에 앱에 입력해 주세요. 코드는 한 번만 쓸 수 있습니다.

    {code}

요청하지 않으셨다면 이 메일을 지우시면 됩니다. 비밀번호는 바뀌지 않습니다.
이 코드를 누구에게도 알려 주지 마세요. 저희는 코드를 묻지 않습니다.

--

Somebody asked for a new password of your account.
Enter the code above in the app within {minutes} minutes. It is good once.
If it was not you, delete this mail: nothing has changed.
Give the code to nobody; we never ask for it.
"""


def send_reset_code(settings: Mapping[str, Any], *, to: str, code: str) -> None:
    """Send the code of a forgotten password.

    :param settings: the application's own (`backend.config`).
    :raises MailNotSent: as `send_mail` does.
    """
    page = settings["PASSWORD_RESET_PAGE"]
    text = _TEXT.format(
        # Behind #, the code reaches no server's log on the way (RFC 3986, 3.5).
        code=f"{page}#{code}" if page else code,
        minutes=LIFE.seconds // 60,
    )
    send_mail(settings, to, _SUBJECT, text)
