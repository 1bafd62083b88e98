"""Owns what a person is told before they erase their account, in Korean and English."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that becomes of what is stored."""

    key: str
    ko: str
    en: str


GOES: Sequence[Term] = (
    Term(
        "account",
        "이메일 주소, 이름, 비밀번호, 외부 로그인 연결, 2단계 인증, 로그인된 기기",
        "E-mail address, name, password, sign-in providers, second factor, devices",
    ),
    Term(
        "places",
        "사는 동네와 그 기록, 위치 이용 기록, 제안의 정확한 위치, 지켜보는 지역",
        "Residence and its history, the log of used positions, exact points of proposals, areas"
        " that you follow",
    ),
    Term(
        "messages",
        "알림, 알림 설정, 푸시 구독, 보낸 이메일 기록",
        "Notices, their settings, push subscriptions, records of letters",
    ),
    Term(
        "drafts",
        "제출하지 않은 초안(함께 쓰던 초안은 공동 제안자에게 넘어가며 정확한 위치는 빠집니다)",
        "Drafts; one that others write with you becomes theirs, without its exact point",
    ),
    Term(
        "photos",
        "내가 보낸 모든 사진과 그 설명. 제출한 제안의 사진도 지워집니다",
        "Every photo that you sent with what you wrote about it, those of submitted proposals too",
    ),
    Term(
        "acts",
        "공감, 관심 제안, 신고, 가려진 의견, 진행 중인 이의신청",
        "Endorsements, follows, reports, hidden comments, objections that wait for a decision",
    ),
)
"""What is deleted at once."""

STAYS: Sequence[Term] = (
    Term(
        "proposals",
        "제출한 제안과 그 판은 ‘탈퇴한 이웃’의 이름으로 남습니다. 심사와 공감, 제품이 여기에 이어져"
        " 있기 때문입니다",
        "Submitted proposals with their versions stay, by “탈퇴한 이웃” (a neighbour who left):"
        " reviews, endorsements and products build on them",
    ),
    Term(
        "comments",
        "남긴 의견은 ‘탈퇴한 이웃’의 이름으로 남습니다. 지우려면 탈퇴하기 전에 지워 주세요",
        "Comments stay by the same name; delete them before, if they should go",
    ),
    Term(
        "residence_code",
        "제품으로 이어진 제안에는 제출할 때 살던 동네의 법정동 코드만 남습니다. 시범구매 제품을 그"
        " 동네에 먼저 보내기 위해서입니다. 다른 제안에서는 지워집니다",
        "Where a product answers a proposal, the code of the legal dong of your residence stays,"
        " because the product goes there first; elsewhere it is deleted",
    ),
    Term(
        "consents",
        "무엇에 언제 동의했는지는 이름 없이 3년 동안 남습니다(동의를 받은 사실의 증명)",
        "What you agreed to and when stays without a name for three years, as proof",
    ),
    Term(
        "official_acts",
        "기관의 직원으로 한 결정과 기록은 그 기관의 것으로 남습니다",
        "What you decided or wrote for an office stays the office's",
    ),
    Term(
        "audit",
        "감사 기록은 개인정보 없이 남습니다",
        "The audit chains stay; they hold no personal data",
    ),
)
"""What is kept, and why."""
