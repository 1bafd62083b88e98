"""Owns the words of letters around the sentences of notices; reads no table and sends nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from backend.notifications.groups import ESSENTIAL, GROUP_OF, Group
from backend.notifications.letters.tokens import sign_unsubscription
from backend.notifications.models import Notice
from backend.notifications.texts import render
from backend.notifications.texts.notice_text import NoticeText

API = "/api/v1"

MOST_LISTED = 30
"""Notices in one digest; of the others it says how many there are."""

SUBJECTS: Mapping[Group, NoticeText] = {
    Group.ACCOUNT: NoticeText("확인이 필요합니다", "Please check your details"),
    Group.MY_PROPOSALS: NoticeText("내 제안에 새 소식이 있습니다", "News of your proposal"),
    Group.FOLLOWED: NoticeText(
        "관심을 보이신 제안에 새 소식이 있습니다", "News of a proposal that you follow"
    ),
    Group.NEAR_ME: NoticeText("관심 지역에 새 소식이 있습니다", "News of an area that you follow"),
    Group.OFFICE: NoticeText("업무 알림이 있습니다", "Something for you at work"),
    Group.MARKETING: NoticeText("(광고) 안내드립니다", "(Ad) An announcement"),
}
"""Nothing of the thing itself, because subjects are shown on locked screens."""

NAME = NoticeText("우리동네 혁신제품", "Dongne")

DIGEST_SUBJECT = NoticeText("읽지 않은 소식 {count}건", "{count} things that you have not read")

CONFIRM_SUBJECT = NoticeText("이메일 주소를 확인해 주세요", "Please confirm your e-mail address")

CONFIRM_TEXT = NoticeText(
    "이 주소로 우리동네 혁신제품의 소식을 받으려고 하신 것이 맞다면 아래 링크를 열어 확인해"
    " 주세요. 링크는 3일 동안 쓸 수 있습니다.\n\n{link}\n\n요청하신 적이 없다면 이 편지를 버리시면"
    " 됩니다. 확인하지 않은 주소로는 소식을 보내지 않습니다.\n",
    "Somebody, probably you, wants news of Dongne at this address. If it was you, open the link"
    " below within three days.\n\n{link}\n\nIf it was not, throw this letter away: no news goes to"
    " an address that was not confirmed.\n",
)

CHANGE_SUBJECT = NoticeText("새 이메일 주소를 확인해 주세요", "Please confirm your new address")

CHANGE_TEXT = NoticeText(
    "계정의 이메일 주소를 이 주소로 바꾸려고 하신 것이 맞다면 아래 링크를 열어 확인해 주세요."
    " 링크는 3일 동안 쓸 수 있습니다.\n\n{link}\n\n요청하신 적이 없다면 이 편지를 버리시면"
    " 됩니다.\n",
    "Somebody, probably you, wants this to be the address of an account. If it was you, open the"
    " link below within three days.\n\n{link}\n\nIf it was not, throw this letter away.\n",
)

WARNING_SUBJECT = NoticeText(
    "이메일 주소를 바꾸려는 요청이 있었습니다", "Somebody asked to change your address"
)

WARNING_TEXT = NoticeText(
    "계정의 이메일 주소를 다른 주소로 바꾸려는 요청이 있었습니다. 직접 요청하셨다면 새 주소로 보낸"
    " 링크를 열어 주세요.\n\n요청하신 적이 없다면 누군가 계정에 들어와 있을 수 있습니다. 앱에서"
    " 바로 비밀번호를 바꾸고 모든 기기에서 로그아웃해 주세요.\n",
    "Somebody asked to give your account another address. If it was you, open the link that was"
    " sent there.\n\nIf it was not, somebody may be in your account: change your password in the"
    " app at once and sign out on all devices.\n",
)

DETAILS = NoticeText("자세히: {link}", "Details: {link}")

MORE = NoticeText(
    "이 밖에 읽지 않은 소식 {count}건이 더 있습니다.", "And {count} more that you have not read."
)

CHOOSE = NoticeText(
    "어떤 소식을 어떻게 받을지는 앱의 알림 설정에서 바꿀 수 있습니다.",
    "You choose in the app's settings which news you get, and how.",
)

STOP = NoticeText("이런 편지를 그만 받기: {link}", "To get no more of these letters: {link}")


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter that is ready to be sent.

    :param headers: further ones (RFC 2369, RFC 8058, and a ``Message-ID`` that stays the same).
    """

    to: str
    subject: str
    text: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Desk:
    """What all letters of an installation share.

    :param public_url: where people reach it.
    :param secret: signs the links.
    :param domain: of the sender, for message ids.
    """

    public_url: str
    secret: str
    domain: str

    def write_notice(self, notice: Notice, *, to: str, language: str, delivery_id: UUID) -> Letter:
        """Return the letter about one notice."""
        group = GROUP_OF[notice.kind]
        said = _in(language)
        words = render(notice.kind, notice.params, language)
        return self._write(
            [words, said(DETAILS, link=self._link(notice))],
            to=to,
            subject=said(SUBJECTS[group]),
            account_id=notice.recipient_id,
            groups={group},
            language=language,
            delivery_id=delivery_id,
        )

    def write_digest(
        self, notices: Sequence[Notice], *, to: str, language: str, delivery_id: UUID
    ) -> Letter:
        """Return the letter that gathers several notices.

        :param notices: of one person, at least one, newest first.
        """
        said = _in(language)
        body = [
            f"- {render(notice.kind, notice.params, language)}\n  {self._link(notice)}"
            for notice in notices[:MOST_LISTED]
        ]
        if len(notices) > MOST_LISTED:
            body.append(said(MORE, count=len(notices) - MOST_LISTED))
        return self._write(
            body,
            to=to,
            subject=said(DIGEST_SUBJECT, count=len(notices)),
            account_id=notices[0].recipient_id,
            groups={GROUP_OF[notice.kind] for notice in notices},
            language=language,
            delivery_id=delivery_id,
        )

    def write_confirmation(self, token: str, *, to: str, language: str) -> Letter:
        """Return the letter that asks whether an address is the reader's."""
        said = _in(language)
        link = f"{self.public_url}{API}/email-confirmations/{token}"
        subject = f"[{said(NAME)}] {said(CONFIRM_SUBJECT)}"
        return Letter(to, subject, said(CONFIRM_TEXT, link=link), {})

    def write_change(self, token: str, *, to: str, language: str) -> Letter:
        """Return the letter that asks whether an address becomes an account's."""
        said = _in(language)
        link = f"{self.public_url}{API}/email-changes/{token}"
        subject = f"[{said(NAME)}] {said(CHANGE_SUBJECT)}"
        return Letter(to, subject, said(CHANGE_TEXT, link=link), {})

    def write_change_warning(self, *, to: str, language: str) -> Letter:
        """Return the letter that tells the present address of a change that was asked for."""
        said = _in(language)
        return Letter(to, f"[{said(NAME)}] {said(WARNING_SUBJECT)}", said(WARNING_TEXT), {})

    def _write(
        self,
        body: Sequence[str],
        *,
        to: str,
        subject: str,
        account_id: UUID,
        groups: set[Group],
        language: str,
        delivery_id: UUID,
    ) -> Letter:
        """Return a letter with its end: how to choose, and how to stop what need not be sent."""
        said = _in(language)
        headers = {"Message-ID": f"<{delivery_id}@{self.domain}>"}
        end = [said(CHOOSE)]
        stoppable = groups - ESSENTIAL
        if stoppable:
            token = sign_unsubscription(account_id, stoppable, secret=self.secret)
            link = f"{self.public_url}{API}/unsubscriptions/{token}"
            headers["List-Unsubscribe"] = f"<{link}>"
            headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
            end.append(said(STOP, link=link))
        text = "\n\n".join([*body, "-- \n" + "\n".join(end)]) + "\n"
        return Letter(to, f"[{said(NAME)}] {subject}", text, headers)

    def _link(self, notice: Notice) -> str:
        """Return an address that opens at the front page, and leads an app to the thing."""
        return f"{self.public_url}/#{notice.subject_type}/{notice.subject_id}"


def _in(language: str) -> Callable[..., str]:
    """Return what says something in one language."""

    def say(text: NoticeText, **params: object) -> str:
        return (text.ko if language == "ko" else text.en).format_map(params)

    return say
