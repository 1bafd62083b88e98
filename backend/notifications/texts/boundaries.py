"""Owns the sentences about what a change of the boundaries did to a person's records."""

from collections.abc import Mapping

from backend.notifications.texts.notice_text import NoticeText

TEXTS: Mapping[str, NoticeText] = {
    "local_government_changed": NoticeText(
        "행정구역이 바뀌어 제안 ‘{title}’의 심사를 {before}에서 {local_government}(으)로"
        " 넘겼습니다. 접수한 순서는 그대로이고, 따로 하실 일은 없습니다.",
        "The boundaries have changed: the review of your proposal “{title}” went from {before} to"
        " {local_government}. It keeps its place in time and you need not do anything.",
    ),
    "ranking_needed": NoticeText(
        "행정구역이 바뀌어 {local_government}에 여러 곳의 {year}년 우선순위가 합쳐졌습니다. 서로의"
        " 순서를 알 수 없으니 새로 정해 주세요.",
        "The boundaries have changed: {local_government} took over priorities of {year} from"
        " several bodies, and nobody has decided between them. Please rank anew.",
    ),
    "residence_unclear": NoticeText(
        "행정구역이 바뀌었는데 등록하신 동네({codes})가 지금 어디인지 정할 수 없습니다. 사는 동네를"
        " 다시 등록해 주세요. 그때까지는 전에 등록한 동네로 남습니다.",
        "The boundaries have changed and it is not certain where the neighbourhood you declared"
        " ({codes}) is now. Please declare it again; until then it stays as you declared it.",
    ),
    "proposal_place_unclear": NoticeText(
        "행정구역이 바뀌었는데 제안 ‘{title}’의 장소({codes})가 지금 어디인지 정할 수 없어 담당자가"
        " 확인합니다. 제안은 그대로 남아 있습니다.",
        "The boundaries have changed and it is not certain where the place of your proposal"
        " “{title}” ({codes}) is now. An officer will decide; the proposal stays as it is.",
    ),
    "proposal_residence_unclear": NoticeText(
        "행정구역이 바뀌었는데 제안 ‘{title}’을(를) 낼 때 사시던 동네({codes})가 지금 어디인지"
        " 정할 수 없어 담당자가 확인합니다. 제안은 그대로 남아 있습니다.",
        "The boundaries have changed and it is not certain where you lived when you submitted"
        " “{title}” ({codes}). An officer will decide; the proposal stays as it is.",
    ),
}
