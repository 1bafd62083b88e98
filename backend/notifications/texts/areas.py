"""Owns the sentences about what happens in areas that people follow."""

from collections.abc import Mapping

from backend.notifications.texts.notice_text import NoticeText

TEXTS: Mapping[str, NoticeText] = {
    "proposal_near": NoticeText(
        "등록하신 관심 지역에서 새 제안 ‘{title}’이(가) {local_government}에 접수되었습니다."
        " 공감하실 수 있고, 채택되면 다시 알려 드립니다.",
        "In an area that you follow, a proposal was submitted to {local_government}: “{title}”."
        " You may endorse it, and you will hear when it is adopted.",
    ),
    "adoption_near": NoticeText(
        "등록하신 관심 지역의 제안 ‘{title}’을(를) {local_government}에서 채택했습니다. 이유:"
        " {reason} 이 제안에 맞는 혁신제품이 나오면 시범구매 차수에 올라갑니다.",
        "In an area that you follow, {local_government} adopted the proposal “{title}”."
        " Reason: {reason} Once an innovative product answers it, a pilot purchase can offer it.",
    ),
    "placement_near": NoticeText(
        "등록하신 관심 지역의 {institution}에 혁신제품 ‘{product}’이(가) 배정되었습니다. {round}의"
        " 공개된 우선순위에 따른 결과입니다. 계약을 마치면 시범사용이 시작되고, 어디에 왜 갔는지"
        " 지도에서 볼 수 있습니다.",
        "In an area that you follow, {institution} was placed with the innovative product"
        " “{product}”, by the published priorities of {round}. Pilot use begins after the contract;"
        " the map shows where it went and why.",
    ),
    "area_subscription_unclear": NoticeText(
        "행정구역이 바뀌었는데 등록하신 관심 지역({codes})이 지금 어디인지 정할 수 없습니다. 관심"
        " 지역을 다시 등록해 주세요. 그때까지는 그 지역의 소식을 받지 못할 수 있습니다.",
        "The boundaries have changed and it is not certain where the area that you follow ({codes})"
        " is now. Please choose it again; until then you may miss news of it.",
    ),
}
