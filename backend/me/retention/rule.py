"""Owns what a rule of retention says, and the words that several share."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

PIPA_21 = (
    "개인정보 보호법 제21조(목적을 이루면 지체 없이 파기)",
    "Personal Information Protection Act, article 21: destroyed once its purpose is achieved",
)
ERASED_AT_ONCE = ("탈퇴할 때까지", "Until the account is erased")
PROGRAMME = ("사업이 이어지는 동안", "As long as the programme lasts")
OFFICIAL = (
    "기관이 한 일의 기록: 공공기록물 관리에 관한 법률",
    "Records of what an office did: Public Records Management Act",
)


@dataclass(frozen=True, slots=True)
class Rule:
    """How long something is kept.

    :param tables: in which it lies.
    :param what: in Korean and English, as is `period` and `reason`.
    :param span: for how long, where that is a fixed time; the key of a setting in days where the
        operator chooses it.
    :param job: the periodic task that clears it, None where an act of somebody does.
    """

    key: str
    tables: Sequence[str]
    what: tuple[str, str]
    period: tuple[str, str]
    reason: tuple[str, str]
    span: timedelta | str | None = None
    job: str | None = None
