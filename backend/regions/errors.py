"""Owns what can be wrong with a place or a code, said so that a person can mend it."""

from backend.errors import Invalid, NotFound, Unavailable


class CoordinatesSwapped(Invalid):
    """The position lies in Korea only when its two numbers change places."""

    code = "coordinates_swapped"
    ko = (
        "경도와 위도가 서로 바뀐 것 같습니다. lon에는 경도({lat}), lat에는 위도({lon})를 넣어"
        " 주세요."
    )
    en = (
        "Longitude and latitude seem to be swapped: put {lat} into lon (longitude) and {lon} into"
        " lat (latitude)."
    )


class CoordinatesInvalid(Invalid):
    """The numbers are no place on earth."""

    code = "coordinates_invalid"
    ko = "지구 위의 위치가 아닙니다. 위도는 -90에서 90 사이여야 합니다."
    en = "This is no place on earth: a latitude lies between -90 and 90."


class PointOutsideKorea(Invalid):
    """No neighbourhood of Korea owns the point."""

    code = "point_outside_korea"
    ko = "지점이 바다 위이거나 대한민국 밖입니다. 지도에서 육지의 지점을 골라 주세요."
    en = "The point lies in the sea or outside Korea. Pick a point on land in Korea."


class RegionNotFound(NotFound):
    """No region in force has the code."""

    code = "region_not_found"
    ko = "현재 행정구역에 없는 코드입니다."
    en = "No region in force has this code."


class RegionUnknown(Invalid):
    """A field names a region that is not there."""

    code = "region_unknown"
    ko = "현재 행정구역에 없는 코드입니다."
    en = "No region in force has this code."


class RegionTooCoarse(Invalid):
    """Only a neighbourhood will do; a city or a province is not enough."""

    code = "region_too_coarse"
    ko = "읍·면·동까지 골라 주세요."
    en = "Give the place down to the neighbourhood (eup, myeon or dong)."


class DistanceBeyondReach(Invalid):
    """Distances between regions of the level are not known that far."""

    code = "distance_beyond_reach"
    ko = "이 단계의 행정구역은 {reach_m:.0f}m 안에서만 찾을 수 있습니다."
    en = "Regions of this level are looked for within {reach_m:.0f} m at most."


class LocalGovernmentNotFound(NotFound):
    """No local government in force has the code."""

    code = "local_government_not_found"
    ko = "현재 지방자치단체에 없는 코드입니다."
    en = "No local government in force has this code."


class GenerationNotFound(NotFound):
    """No generation that is or was in force has the id; drafts are the operators' business."""

    code = "generation_not_found"
    ko = "시행되었거나 시행 중인 경계 판이 아닙니다."
    en = "No boundaries that are or were in force have this id."


class GenerationUnknown(Invalid):
    """A field names a generation that is not there, or was never in force."""

    code = "generation_unknown"
    ko = "시행되었거나 시행 중인 경계 판이 아닙니다."
    en = "No boundaries that are or were in force have this id."


class BoundariesNotLoaded(Unavailable):
    """The installation has no boundaries to look anything up in."""

    code = "boundaries_not_loaded"
    ko = "행정구역 경계가 아직 준비되지 않았습니다."
    en = "The boundaries of the regions are not loaded yet."
