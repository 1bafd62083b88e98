"""What the round of `explained_round` tells everybody, read and approved word by word."""

KOREAN = {
    ("city", "boat"): (
        "수원시는 청소선을 배정받지 못하였습니다. 이 기관이 이번 차수에 받을 수 있는 "
        "제품은 최대 1건인데, 사전 지정된 안내 단말기가 이를 모두 채웠으며 사전 "
        "지정도 이 한도에 넣는 것은 공고된 기준입니다. 그 밖에 한 건을 더 받을 "
        "여유가 있었다면 이 신청도 검토되었을 것입니다."
    ),
    ("city", "kiosk"): (
        "안내 단말기가 수원시에 사전 지정으로 배정되었습니다. 차수를 운영하는 기관이 "
        "시범사용기관을 미리 정한 제품이므로 다른 신청과 비교하지 않았고, 비용도 가장 "
        "먼저 반영하였습니다. 사전 지정이 달리 정해지지 않는 한 이 결과는 바뀌지 "
        "않습니다."
    ),
    ("clinic", "drone"): (
        "성동구 보건소는 순찰 드론보다 높은 순위로 희망한 스마트 가로등을 배정받아, "
        "이번 차수에 받을 수 있는 1건을 모두 채웠습니다. 희망 순위는 이 기관이 "
        "스스로 정한 것입니다. 순찰 드론을 스마트 가로등보다 높은 순위로 희망하였다면 "
        "순찰 드론이 먼저 검토되었을 것입니다."
    ),
    ("clinic", "lamp"): (
        "1순위로 희망한 스마트 가로등이 성동구 보건소에 배정되었습니다. 희망 기관이 "
        "배정 수보다 많아, 거주지 우선 배정분 1건을 공고된 기준(거주지 근접도, "
        "지방자치단체의 제안 순위, 지방자치단체의 분야 순위, 이전 배정 건수, 거리, "
        "추첨 순)에 따라 정하였습니다. 앞선 순위의 신청이 하나 더 있었거나 배정이 한 "
        "건 적었다면 결과가 달라질 수 있었습니다."
    ),
    ("fire", "drone"): (
        "부산소방서는 순찰 드론을 배정받지 못하였습니다. 배정 1건은 우선순위가 앞선 "
        "기관에 돌아갔으며, 일반 배정분을 마지막으로 받은 중구청과 비교하면 "
        "지방자치단체의 제안 순위, 지방자치단체의 분야 순위, 이전 배정 건수는 같고 "
        "거리에서 갈렸습니다(부산소방서: 9,000m, 중구청: 3,000m). 거리는 "
        "공고 때 미리 정한 방법으로 잰 값이며, 배정이 한 건 더 있었다면 배정받았을 "
        "것입니다."
    ),
    ("fire", "gate"): (
        "부산소방서는 차수막을 배정받지 못하였습니다. 배정 1건에 "
        "400,000,000원이 드는데 제품별 예산 한도가 300,000,000원이어서 "
        "배정할 몫이 없었습니다. 이 한도는 차수를 운영하는 기관이 모든 신청에 똑같이 "
        "적용하도록 미리 정한 것으로, 한도가 더 높아야 배정할 수 있었습니다."
    ),
    ("fire", "lamp"): (
        "부산소방서는 스마트 가로등을 배정받지 못하였습니다. 배정 1건은 우선순위가 앞선 "
        "기관에 돌아갔으며, 거주지 우선 배정분을 마지막으로 받은 성동구 보건소와 "
        "비교하면 거주지 근접도에서 갈렸습니다(부산소방서: 같은 시·도, 성동구 보건소: "
        "제안자와 같은 동네). 거주지 근접도는 공고 때 미리 정한 기준이며, 배정이 한 "
        "건 더 있었다면 배정받았을 것입니다."
    ),
    ("fire", "robot"): (
        "부산소방서는 안내 로봇을 배정받지 못하였습니다. 배정 1건에 "
        "60,000,000원이 드는데 제품군이 함께 쓰는 예산 한도 "
        "50,000,000원 가운데 남은 금액이 50,000,000원이어서 배정할 몫이 "
        "없었습니다. 이 한도는 차수를 운영하는 기관이 모든 신청에 똑같이 적용하도록 "
        "미리 정한 것으로, 한도가 더 높아야 배정할 수 있었습니다."
    ),
    ("fire", "sensor"): (
        "부산소방서는 누수 센서를 배정받지 못하였습니다. 배정 1건에 "
        "90,000,000원이 드는데 생활 공공서비스 분야에 남은 예산이 "
        "80,000,000원이어서 배정할 몫이 없었습니다. 마지막으로 예산이 배분된 "
        "제품은 순찰 드론이며, 예산은 공고된 배분 순서에 따르고 이 신청의 내용과는 "
        "관계가 없으므로, 예산이 10,000,000원 더 남았거나 제품의 배분 순서가 "
        "앞섰다면 배정할 수 있었습니다."
    ),
    ("office", "drone"): (
        "1순위로 희망한 순찰 드론이 중구청에 배정되었습니다. 희망 기관이 배정 수보다 "
        "많아, 일반 배정분 1건을 공고된 기준(지방자치단체의 제안 순위, 지방자치단체의 "
        "분야 순위, 이전 배정 건수, 거리, 추첨 순)에 따라 정하였습니다. 앞선 "
        "순위의 신청이 하나 더 있었거나 배정이 한 건 적었다면 결과가 달라질 수 "
        "있었습니다."
    ),
    ("office", "lamp"): (
        "중구청의 스마트 가로등 시범사용 신청은 '국비 중복 지원 제한' 기준에 따라 "
        "신청 자격이 없는 것으로 판단되었습니다. 이 판단은 차수를 운영하는 기관이 매칭 "
        "전에 한 것이며, 자격이 없는 신청은 다른 신청과 비교하지 않습니다. 자격이 "
        "인정되었다면 기관이 정한 희망 순위에 따라 검토되었을 것입니다."
    ),
    ("police", "kiosk"): (
        "마포경찰서는 안내 단말기를 배정받지 못하였습니다. 이번 차수에서 이 제품의 배정 "
        "한도가 1건이고 사전 지정 1건이 이를 채워 사전 지정 외에는 배정할 몫이 "
        "없었습니다. 이 한도는 차수를 운영하는 기관이 모든 신청에 똑같이 적용하도록 "
        "미리 정한 것으로, 한도가 더 높아야 배정할 수 있었습니다."
    ),
}

ENGLISH = {
    ("city", "boat"): (
        "Suwon city does not receive Cleaning boat: it takes at most 1 product in this round "
        "and Kiosk, fixed for it beforehand, leaves no room. That fixed placements count "
        "against this number is a rule published before the round. With room for one product "
        "beyond those, the application would have been considered."
    ),
    ("city", "kiosk"): (
        "Suwon city receives Kiosk as a placement fixed before the matching. The office that "
        "runs the round had named the institution, so no comparison was made, and the "
        "placement was paid before all others. Only another decision on the fixed placements "
        "would have changed this."
    ),
    ("clinic", "drone"): (
        "Seongdong clinic receives Smart lamp, which it ranked above Patrol drone, and takes "
        "no more than 1 product in this round. The ranking was the institution's own "
        "decision. Had it ranked Patrol drone above Smart lamp, it would have been considered "
        "for Patrol drone first."
    ),
    ("clinic", "lamp"): (
        "Seongdong clinic receives Smart lamp, its first choice. More institutions asked for "
        "it than could be served, and the only residence-first seat was given by the "
        "published rules of the round, which compare nearness to the proposer's home, the "
        "local government's rank of the proposal, the local government's rank of the "
        "category, earlier placements, distance, then the lot. One applicant more ahead of "
        "it, or one placement fewer, could have changed this."
    ),
    ("fire", "drone"): (
        "Busan fire station does not receive Patrol drone: the only placement went to an "
        "institution ahead of it. Compared with Jung-gu office, which received the last open "
        "seat, the two are equal in the local government's rank of the proposal, the local "
        "government's rank of the category and earlier placements, and then distance decided: "
        "9,000 m for Busan fire station, 3,000 m for Jung-gu office. The distance is measured "
        "by a rule published before the round; with one placement more it would have received "
        "one."
    ),
    ("fire", "gate"): (
        "Busan fire station does not receive Flood gate: there was no placement to give, for "
        "one costs KRW 400,000,000 and the round allows at most KRW 300,000,000 for a "
        "product. The office that runs the round set this limit before it, for every "
        "applicant alike. A higher limit would have been needed for a placement."
    ),
    ("fire", "lamp"): (
        "Busan fire station does not receive Smart lamp: the only placement went to an "
        "institution ahead of it. Compared with Seongdong clinic, which received the last "
        "residence-first seat, nearness to the proposer's home decided: the same province or "
        "metropolitan city for Busan fire station, the proposer's own neighbourhood for "
        "Seongdong clinic. Nearness to the proposer's home is a rule published before the "
        "round; with one placement more it would have received one."
    ),
    ("fire", "robot"): (
        "Busan fire station does not receive Guide robot: there was no placement to give, for "
        "one costs KRW 60,000,000 and KRW 50,000,000 was left of the KRW 50,000,000 that its "
        "group of products shares. The office that runs the round set this limit before it, "
        "for every applicant alike. A higher limit would have been needed for a placement."
    ),
    ("fire", "sensor"): (
        "Busan fire station does not receive Leak sensor: there was no placement to give, for "
        "one costs KRW 90,000,000 and KRW 80,000,000 was left in citizens' services, the last "
        "product paid having been Patrol drone. Money is given out in the funding order "
        "published before the round, which this application does not touch. With KRW "
        "10,000,000 more left, or an earlier place of the product in that order, a placement "
        "could have been paid."
    ),
    ("office", "drone"): (
        "Jung-gu office receives Patrol drone, its first choice. More institutions asked for "
        "it than could be served, and the only open seat was given by the published rules of "
        "the round, which compare the local government's rank of the proposal, the local "
        "government's rank of the category, earlier placements, distance, then the lot. One "
        "applicant more ahead of it, or one placement fewer, could have changed this."
    ),
    ("office", "lamp"): (
        'The application of Jung-gu office for Smart lamp was not eligible under the rule "국비 '
        '중복 지원 제한". The office that runs the round decided this before the matching, '
        "and such "
        "an application is not compared with others. Had it been found eligible, it would "
        "have been considered at its place in the institution's ranking."
    ),
    ("police", "kiosk"): (
        "Mapo police does not receive Kiosk: beyond the placements fixed beforehand there was "
        "none to give, for the round allows at most 1 placement of it, and 1 placement fixed "
        "beforehand uses that up. The office that runs the round set this limit before it, "
        "for every applicant alike. A higher limit would have been needed for a placement."
    ),
}
