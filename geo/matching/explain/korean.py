"""Owns the Korean sentences, in the register of a letter that an office signs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from geo.matching.explain.facts import NOT_RANKED, Facts
from geo.matching.explain.particles import attach
from geo.matching.explain.teller import Teller
from geo.matching.instance import TICKET

_TIERS = {
    0: "제안자와 같은 동네",
    1: "같은 지방자치단체",
    2: "같은 시·도",
    3: "그 밖의 지역",
}
_REPORTING = {
    0: "모두 기한 안에 보고",
    1: "보고할 것이 없었음",
    2: "늦은 보고 있음",
    3: "내지 않은 보고 있음",
}
_DECIDED = {
    "residence_tier": "거주지 근접도는 공고 때 미리 정한 기준이며",
    "designator": "연구개발을 맡은 지방자치단체를 먼저 두는 것은 공고 때 미리 정한 기준이며",
    "review_rank": "제안 순위는 각 기관이 속한 지방자치단체가 정한 것이며",
    "category_rank": "분야 순위는 각 기관이 속한 지방자치단체가 정한 것이며",
    "earlier_placements": "이전 배정 건수는 지난 차수의 기록을 센 것이며",
    "distance_m": "거리는 공고 때 미리 정한 방법으로 잰 값이며",
    TICKET: "추첨은 출처를 미리 공고한 공개 번호(시드)로 정해져 누구나 다시 계산해 볼 수 있으며",
}


class Korean(Teller):
    """Tells outcomes in Korean."""

    lang = "ko"
    key_labels: ClassVar[Mapping[str, str]] = {
        "residence_tier": "거주지 근접도",
        "designator": "연구개발 지방자치단체 소속 여부",
        "review_rank": "지방자치단체의 제안 순위",
        "category_rank": "지방자치단체의 분야 순위",
        "earlier_placements": "이전 배정 건수",
        "distance_m": "거리",
        "pledge": "후속 구매 약속",
        "reporting": "이전 결과보고 이행",
        "rural": "읍·면 지역 여부",
        TICKET: "추첨",
    }
    seat_labels: ClassVar[Mapping[str, str]] = {
        "open": "일반",
        "residence": "거주지 우선",
        "designator": "연구개발 지방자치단체 우선",
    }

    def number(self, key: str, value: int) -> str:
        """Write a key's number with what it means."""
        match key:
            case "residence_tier" if value in _TIERS:
                return _TIERS[value]
            case "designator" if value in (0, 1):
                return "소속" if value == 0 else "소속 아님"
            case "pledge" if value in (0, 1):
                return "약속함" if value == 0 else "약속하지 않음"
            case "rural" if value in (0, 1):
                return "읍·면" if value == 0 else "읍·면 아님"
            case "reporting" if value in _REPORTING:
                return _REPORTING[value]
            case "review_rank" | "category_rank":
                return "순위 없음" if value == NOT_RANKED else f"{value:,}위"
            case "earlier_placements":
                return f"{value:,}건"
            case "distance_m":
                return f"{value:,}m"
        return f"{value:,}"

    def tell_preassigned(self, facts: Facts) -> str:
        """Tell a placement that was fixed beforehand."""
        return (
            f"{self._to(facts)} 사전 지정으로 배정되었습니다. "
            "차수를 운영하는 기관이 시범사용기관을 미리 정한 제품이므로 다른 신청과 비교하지 "
            "않았고, 비용도 가장 먼저 반영하였습니다. "
            "사전 지정이 달리 정해지지 않는 한 이 결과는 바뀌지 않습니다."
        )

    def tell_awarded(self, facts: Facts) -> str:
        """Tell a placement that was won."""
        text = f"{facts.choice}순위로 희망한 {self._to(facts)} 배정되었습니다"
        if facts.missed:
            names = ", ".join(self.product(key) for key in facts.missed[:3])
            more = len(facts.missed) - 3
            names = f"{names} 외 {more}개 제품" if more > 0 else names
            text = f"더 높은 순위로 희망한 {attach(names, '은/는')} 배정받지 못하였으나, {text}"
        if not facts.refused:
            return (
                f"{text}. 마지막까지 이 제품을 희망한 기관이 모두 배정받아 우선순위를 비교할 "
                "필요가 없었습니다. 신청이 더 많았거나 배정 수가 더 적었다면 결과가 달라질 수 "
                "있었습니다."
            )
        seat = facts.outcome.seat or ""
        keys = [*self._index.instance.policy.seat_priority[seat], TICKET]
        order = ", ".join(self.key(key) for key in keys)
        kind = self.seat_type(seat)
        return (
            f"{text}. 희망 기관이 배정 수보다 많아, {kind} 배정분 {facts.seats:,}건을"
            f" 공고된 기준({order} 순)에 따라 정하였습니다. "
            "앞선 순위의 신청이 하나 더 있었거나 배정이 한 건 적었다면 결과가 달라질 수 "
            "있었습니다."
        )

    def tell_ineligible(self, facts: Facts) -> str:
        """Tell an application that could not take part."""
        institution, product = self._both(facts)
        return (
            f"{institution}의 {product} 시범사용 신청은 '{facts.detail['rule']}' 기준에 따라 신청 "
            "자격이 없는 것으로 판단되었습니다. "
            "이 판단은 차수를 운영하는 기관이 매칭 전에 한 것이며, 자격이 없는 신청은 다른 신청과 "
            "비교하지 않습니다. "
            "자격이 인정되었다면 기관이 정한 희망 순위에 따라 검토되었을 것입니다."
        )

    def tell_capacity_used(self, facts: Facts) -> str:
        """Tell an institution whose fixed placements leave no room."""
        fixed = ", ".join(self.product(key) for key in facts.detail["products"])
        return (
            f"{self._not_placed(facts)}. 이 기관이 이번 차수에 받을 수 있는 제품은 최대 "
            f"{facts.institution.capacity:,}건인데, 사전 지정된 {attach(fixed, '이/가')} 이를 모두 "
            "채웠으며 사전 지정도 이 한도에 넣는 것은 공고된 기준입니다. "
            "그 밖에 한 건을 더 받을 여유가 있었다면 이 신청도 검토되었을 것입니다."
        )

    def tell_got_higher_choice(self, facts: Facts) -> str:
        """Tell an institution that received what it liked better."""
        institution, product = self._both(facts)
        got = [self.product(key) for key in facts.detail["products"]]
        text = (
            f"{attach(institution, '은/는')} {product}보다 높은 순위로 희망한 "
            f"{attach(', '.join(got), '을/를')} 배정받아, 이번 차수에 받을 수 있는 "
            f"{facts.institution.capacity:,}건을 모두 채웠습니다. "
            "희망 순위는 이 기관이 스스로 정한 것입니다. "
            f"{attach(product, '을/를')} {got[-1]}보다 높은 순위로 희망하였다면 "
            f"{attach(product, '이/가')} 먼저 검토되었을 것입니다"
        )
        if facts.matched_placements == 0:
            text = text.removesuffix("먼저 검토되었을 것입니다")
            text += "먼저 검토되었겠으나, 이 제품에는 배정할 몫이 없었습니다"
        return text + "."

    def tell_money(self, facts: Facts) -> str:
        """Tell a product for which no money was left."""
        price, left = facts.detail["price_krw"], facts.detail["left_krw"]
        last = facts.detail["last_funded"]
        reached = ""
        if last:
            reached = f"마지막으로 예산이 배분된 제품은 {attach(self.product(last), '이며/며')}, "
        earlier = "남았거나 제품의 배분 순서가 앞섰다면" if facts.order_matters else "남았다면"
        return (
            f"{self._not_placed(facts)}. 배정 1건에 {price:,}원이 드는데 "
            f"{self.area(facts.area.id)} 분야에 남은 예산이 {left:,}원이어서 "
            f"{self._none_to_give(facts)}. {reached}예산은 공고된 배분 순서에 따르고 이 신청의 "
            f"내용과는 관계가 없으므로, 예산이 {price - left:,}원 더 {earlier} 배정할 수 "
            "있었습니다."
        )

    def tell_cap(self, facts: Facts) -> str:
        """Tell a product that a limit kept from a placement."""
        limit = facts.detail["limit"]
        price = f"배정 1건에 {facts.product.price_krw:,}원이 드는데"
        fixed = len(facts.product.preassigned)
        needed = "한도가 더 높아야 배정할 수 있었습니다"
        match facts.detail["cap"]:
            case "max_placements":
                because = f"이번 차수에서 이 제품의 배정 한도가 {limit:,}건"
            case "product_budget_cap_krw":
                because = f"{price} 제품별 예산 한도가 {limit:,}원"
            case _:
                because = (
                    f"{price} 제품군이 함께 쓰는 예산 한도 {limit:,}원 가운데 남은 금액이 "
                    f"{facts.detail['left_krw']:,}원"
                )
                fixed = 0
                if facts.group_spending_matters:
                    needed = (
                        "한도가 더 높거나 같은 제품군에 쓴 금액이 더 적어야 배정할 수 있었습니다"
                    )
        because += f"이고 사전 지정 {fixed:,}건이 이를 채워" if fixed else "이어서"
        return (
            f"{self._not_placed(facts)}. {because} {self._none_to_give(facts)}. "
            "이 한도는 차수를 운영하는 기관이 모든 신청에 똑같이 적용하도록 미리 정한 것으로, "
            f"{needed}."
        )

    def tell_below_cutoff(self, facts: Facts) -> str:
        """Tell an application that others were ahead of."""
        institution = self.institution(facts.institution.id)
        key = facts.detail["key"]
        holder = self.institution(facts.last_holder or "")
        equal = ", ".join(self.key(name) for name in facts.equal_keys)
        equal = f"{attach(equal, '은/는')} 같고 " if equal else ""
        mine = self.value(key, facts.detail["applicant"])
        theirs = self.value(key, facts.detail["holder"])
        decided = _DECIDED.get(key, "이 비교는 공고 때 미리 정한 기준이며")
        change = "배정이 한 건 더 있었다면 배정받았을 것입니다"
        if facts.needed > 1:
            change = (
                f"배정받지 못한 신청이 모두 {facts.refused:,}건으로, 배정이 {facts.needed:,}건 더 "
                "있어야 배정받을 수 있었습니다"
            )
        elif facts.refused > 1:
            change = (
                f"배정받지 못한 신청 {facts.refused:,}건 가운데 다음 차례여서 배정이 한 건 더 "
                "있었다면 배정받았을 것입니다"
            )
        if facts.matched_placements == 1:
            went = "배정 1건은"
        else:
            went = f"배정 {facts.matched_placements:,}건은 모두"
        return (
            f"{self._not_placed(facts)}. {went} 우선순위가 앞선 기관에 돌아갔으며, "
            f"{self.seat_type(facts.detail['type'])} 배정분을 마지막으로 받은 "
            f"{attach(holder, '과/와')} 비교하면 {equal}{self.key(key)}에서 갈렸습니다"
            f"({institution}: {mine}, {holder}: {theirs}). {decided}, {change}."
        )

    def _both(self, facts: Facts) -> tuple[str, str]:
        return self.institution(facts.institution.id), self.product(facts.product.id)

    def _to(self, facts: Facts) -> str:
        institution, product = self._both(facts)
        return f"{attach(product, '이/가')} {institution}에"

    def _not_placed(self, facts: Facts) -> str:
        institution, product = self._both(facts)
        return f"{attach(institution, '은/는')} {attach(product, '을/를')} 배정받지 못하였습니다"

    def _none_to_give(self, facts: Facts) -> str:
        if facts.product.preassigned:
            return "사전 지정 외에는 배정할 몫이 없었습니다"
        return "배정할 몫이 없었습니다"
