"""Owns the words of the report's tables in both languages: titles, columns, rows."""

from collections.abc import Mapping

Words = Mapping[str, str]

TITLES: Mapping[str, Words] = {
    "summary": {"ko": "한눈에 보기", "en": "At a glance"},
    "areas": {"ko": "예산 분야별 돈", "en": "Money by budget area"},
    "residence": {"ko": "제안자 동네와의 거리", "en": "Near the proposer's home"},
    "sido": {"ko": "시·도별", "en": "By province (sido)"},
    "sigungu": {"ko": "시·군·구별", "en": "By city and district (sigungu)"},
    "settlements": {"ko": "도시와 농촌", "en": "Urban and rural"},
    "types": {"ko": "기관 종류별", "en": "By type of institution"},
    "near_misses": {"ko": "아깝게 놓친 신청", "en": "Missed by little"},
}
"""Every table, in the order of the report."""

NOTES: Mapping[str, Words] = {
    "residence": {
        "ko": "주민 제안을 푸는 제품만 셉니다. ‘거주지 우선 배정이 없었다면’은 같은 신청과"
        " 추첨으로,"
        " 거주지 우선 배정분을 모두에게 열어 다시 계산한 결과입니다.",
        "en": "Only products that answer a resident's proposal are counted. “Without residence"
        " seats” is the same applications and lots computed again with those seats open to all.",
    },
    "settlements": {
        "ko": "제품을 설치할 곳의 읍·면·동 이름으로 나눕니다. 읍·면은 농촌, 동은 도시입니다.",
        "en": "By the neighbourhood where the product stands: eup and myeon are rural, dong urban.",
    },
    "near_misses": {
        "ko": "기준 하나에서 한 단계 차이거나 추첨에서만 밀린 신청입니다.",
        "en": "One step of a single criterion, or the lot alone, kept these from a placement.",
    },
}
"""What has to be known to read a table."""

COLUMNS: Mapping[str, Words] = {
    "name": {"ko": "구분", "en": "Group"},
    "region": {"ko": "지역", "en": "Region"},
    "budget_krw": {"ko": "예산(원)", "en": "Budget (KRW)"},
    "preassigned_krw": {"ko": "지정 배정(원)", "en": "Fixed beforehand (KRW)"},
    "spent_krw": {"ko": "쓴 돈(원)", "en": "Spent (KRW)"},
    "remaining_krw": {"ko": "남은 돈(원)", "en": "Left (KRW)"},
    "placements": {"ko": "배정", "en": "Placed"},
    "applications": {"ko": "신청", "en": "Applied"},
    "applicants": {"ko": "신청 기관", "en": "Institutions that applied"},
    "served": {"ko": "배정받은 기관", "en": "Institutions with a placement"},
    "products_offered": {"ko": "대상 제품", "en": "Products offered"},
    "products_placed": {"ko": "배정된 제품", "en": "Products placed"},
    "largest": {"ko": "가장 많이 받은 기관", "en": "Largest institution"},
    "largest_amount_krw": {"ko": "그 기관의 금액(원)", "en": "Its amount (KRW)"},
    "largest_share": {"ko": "그 기관의 몫", "en": "Its share"},
    "hhi": {"ko": "집중도(HHI, 최대 10,000)", "en": "Concentration (HHI, 10,000 at most)"},
    "amount_krw": {"ko": "금액(원)", "en": "Amount (KRW)"},
    "share": {"ko": "배정 비율", "en": "Share"},
    "people": {"ko": "인구", "en": "People"},
    "residents": {"ko": "주민", "en": "Residents"},
    "eligible_voters": {"ko": "선거인", "en": "Eligible voters"},
    "per_residents": {"ko": "10만 명당", "en": "per 100,000"},
    "per_eligible_voters": {"ko": "10만 명당", "en": "per 100,000"},
    "tier_0": {"ko": "같은 동네", "en": "Same neighbourhood"},
    "tier_1": {"ko": "같은 지자체", "en": "Same local government"},
    "tier_2": {"ko": "같은 시·도", "en": "Same sido"},
    "tier_3": {"ko": "그 밖", "en": "Elsewhere"},
    "within_0": {"ko": "동네 안 비율", "en": "In the neighbourhood"},
    "within_1": {"ko": "지자체 안 비율", "en": "In the local government"},
    "within_2": {"ko": "시·도 안 비율", "en": "In the sido"},
    "institution": {"ko": "기관", "en": "Institution"},
    "product": {"ko": "제품", "en": "Product"},
    "decided_by": {"ko": "갈린 기준", "en": "What decided"},
    "applicant": {"ko": "이 기관", "en": "This one"},
    "holder": {"ko": "마지막 배정", "en": "Last one served"},
}

ROWS: Mapping[str, Words] = {
    "placed": {"ko": "발표한 배정", "en": "Placements as published"},
    "without": {"ko": "거주지 우선 배정이 없었다면", "en": "Without residence seats"},
    "asked": {"ko": "신청 전체", "en": "All applications"},
    "urban": {"ko": "동(도시)", "en": "Dong (urban)"},
    "rural": {"ko": "읍·면(농촌)", "en": "Eup and myeon (rural)"},
    "elsewhere": {"ko": "해외·확인 불가", "en": "Abroad or unknown"},
    "lot": {"ko": "추첨", "en": "The lot"},
}
