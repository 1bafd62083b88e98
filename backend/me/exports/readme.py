"""Owns what an archive says about itself, in Korean and English."""

from collections.abc import Mapping

README: Mapping[str, str] = {
    "README.ko.txt": """우리동네 혁신제품: 내 정보 내보내기
만든 때: {made_at} (UTC)

이 파일에는 서비스가 나에 대해 저장한 모든 정보가 들어 있습니다.

- 종류마다 JSON 파일 하나가 있고, 파일 안의 항목 하나가 저장된 기록 하나입니다.
- 시각은 모두 UTC이고, 위치는 WGS 84 좌표(경도, 위도)의 GeoJSON입니다.
- photos 폴더에는 내가 보낸 사진이 있고, 파일 이름은 photos.json의 id입니다.
- audit_events.json은 내가 한 일과 내 계정에 일어난 일의 기록입니다.
- access_log.json은 담당 기관이 내 정확한 위치와 거주지를 본 기록입니다.
- 다른 사람의 정보, 비밀번호와 토큰의 해시값은 들어 있지 않습니다.

잘못된 내용은 앱에서 고칠 수 있고, 탈퇴하면 지워집니다.
무엇을 얼마 동안 보관하는지는 /api/v1/privacy/retention에서 볼 수 있습니다.
이 파일에는 개인정보가 있으니 안전한 곳에 보관하세요.
""",
    "README.en.txt": """Our Neighborhood Innovative Products: your data
Made at: {made_at} (UTC)

This archive holds everything that the service stores about you.

- There is a JSON file for each kind; each of its items is one stored record.
- Times are UTC. Places are GeoJSON in WGS 84 (longitude, latitude).
- The folder photos holds the photos that you sent, named by their id in photos.json.
- audit_events.json tells what you did, and what was done to your account.
- access_log.json tells which office looked at your exact points and residence.
- Nothing of other people is inside, and no hash of a password or token.

You can correct what is wrong in the app; erasing your account deletes it.
What is kept, and for how long, is told at /api/v1/privacy/retention.
This file holds personal data: keep it in a safe place.
""",
}
"""File name -> text; ``made_at`` is filled in."""
