"""Owns what one person does on a bad network, from registering to a last thing of unknown end."""

from collections import Counter
from dataclasses import dataclass
from hashlib import sha256
from random import Random
from threading import Event
from uuid import UUID, uuid5

from tests.support.flaky_proxy import Fate, FlakyProxy, flaky_proxy
from tests.support.journal import Intent, Outcome
from tests.support.people import AGREED, CITY_HALL, CITY_HALL_EMD, PASSWORD
from tests.support.phone import Phone
from tests.support.phone_copy import Copied, PhoneCopy, read_afresh
from tests.support.pictures import jpeg

TROUBLE = 0.45
FASTER = 2_000
"""A second of a phone's patience lasts half a millisecond."""
IDS = UUID("0198a000-0000-7000-8000-000000000000")


@dataclass(frozen=True)
class Journey:
    """What a journey left behind, outside the database."""

    email: str
    number: int
    phone: Phone
    copy: PhoneCopy
    met: Counter[Fate]


def pause(seconds: float) -> None:
    Event().wait(seconds / FASTER)


def phone_of(number: int, address: str) -> Phone:
    """Return the app of a person who has just installed it."""
    return Phone(
        address,
        email=f"phone{number}@example.com",
        password=PASSWORD,
        device_id=str(uuid5(IDS, f"device{number}")),
        random=Random(number),  # noqa: S311 (of a test)
        pause=pause,
    )


def travel(number: int, server: str) -> Journey:
    """Let one person do what people do, on a network of their own."""
    copy = PhoneCopy()
    with flaky_proxy(server, seed=number, trouble=TROUBLE) as proxy:
        phone = phone_of(number, proxy.address)
        phone.register(f"사람 {number}", **AGREED)
        phone.sign_in()
        settled = phone.intend(
            "residence", CITY_HALL_EMD, "PUT", "/me/residence", {"region_code": CITY_HALL_EMD}
        )
        drafted = draft(phone, number)
        photograph(phone, drafted, number)
        passing = draft_in_passing(phone, number)
        copy.sync(phone)
        if passing.outcome is Outcome.ACKNOWLEDGED:
            discard(phone, passing.about)
        phone.renew()
        if Outcome.ACKNOWLEDGED is settled.outcome is drafted.outcome:
            phone.intend("submit", drafted.about, "POST", f"/proposals/{drafted.about}/submission")
        others = {one["id"] for one in phone.read("/proposals?limit=5")["items"]} - {drafted.about}
        for other in sorted(others)[:2]:
            phone.intend("endorse", other, "PUT", f"/proposals/{other}/endorsement")
            comment(phone, other, number)
        for other in sorted(others)[1:3]:
            phone.intend("follow", other, "PUT", f"/proposals/{other}/follow")
        copy.sync(phone)
        for notice in phone.read("/me/notices?unread=true")["items"]:
            phone.intend("reading", notice["id"], "POST", f"/me/notices/{notice['id']}/reading")
        phone.renew()
        if number % 2:
            phone.send_pending()
        phone.read("/me")
        if number % 5 == 0:
            lose_sight(phone, proxy, number)
    return Journey(f"phone{number}@example.com", number, phone, copy, proxy.met)


def wake(journey: Journey, server: str) -> tuple[Copied, Copied]:
    """Bring a copy up to date by a bad network; return it and what the addresses answer."""
    with flaky_proxy(server, seed=journey.number, trouble=TROUBLE) as proxy:
        journey.phone.move_to(proxy.address)
        journey.copy.sync(journey.phone)
    journey.phone.move_to(server)
    return journey.copy.things, read_afresh(journey.phone)


def comment(phone: Phone, proposal_id: str, number: int) -> None:
    """Say one thing by an id of one's own, and another by its key alone."""
    path = f"/proposals/{proposal_id}/comments"
    comment_id = str(uuid5(IDS, f"comment{number} {proposal_id}"))
    phone.intend(
        "comment", comment_id, "POST", path, {"id": comment_id, "text": "저도 겪었습니다."}
    )
    text = f"{number}번째 사람도 {proposal_id}에 공감합니다."
    phone.intend("comment_by_key", text, "POST", path, {"text": text})


def photograph(phone: Phone, drafted: Intent, number: int) -> None:
    """Send a photo of what was drafted in chunks, each of which may be lost or doubled."""
    if drafted.outcome is not Outcome.ACKNOWLEDGED:
        return
    body = jpeg(160, 120)
    photo_id = str(uuid5(IDS, f"photo{number}"))
    announced = {
        "id": photo_id,
        "proposal_id": drafted.about,
        "size_bytes": len(body),
        "sha256": sha256(body).hexdigest(),
        "content_type": "image/jpeg",
    }
    begun = phone.intend("upload", photo_id, "POST", "/uploads", announced)
    if begun.outcome is Outcome.ACKNOWLEDGED:
        phone.send_chunks(f"/uploads/{photo_id}", body, chunk_bytes=len(body) // 3)
        phone.intend("photo", photo_id, "POST", f"/uploads/{photo_id}/completion")


def lose_sight(phone: Phone, proxy: FlakyProxy, number: int) -> None:
    """Write a last thing of which the phone never learns whether it was done."""
    proxy.only(Fate.ANSWER_LOST if number % 2 else Fate.REQUEST_LOST)
    draft_by_key(phone, f"소식 없는 초안 {number}")


def draft_by_key(phone: Phone, title: str) -> None:
    """Begin a proposal without an id of one's own."""
    body = {"category": "traffic", "title": title}
    phone.intend("draft_by_key", title, "POST", "/proposals", body)


def draft_in_passing(phone: Phone, number: int) -> Intent:
    """Begin a proposal that will be thought better of."""
    draft_id = str(uuid5(IDS, f"passing{number}"))
    body = {"id": draft_id, "category": "traffic", "title": f"지나가는 생각 {number}"}
    return phone.intend("passing_draft", draft_id, "POST", "/proposals", body)


def discard(phone: Phone, draft_id: str) -> None:
    """Delete a draft in the state that was read of it."""
    path = f"/proposals/{draft_id}"
    phone.intend("discard", draft_id, "DELETE", path, edits=f"/me{path}")


def draft(phone: Phone, number: int) -> Intent:
    """Begin a proposal by an id of one's own and correct it, and another one by its key alone."""
    draft_id = str(uuid5(IDS, f"draft{number}"))
    body = {
        "id": draft_id,
        "category": "safety",
        "title": f"골목길 보안등 {number}",
        "problem": "밤길이 어둡다.",
        "location": {"lon": CITY_HALL[0], "lat": CITY_HALL[1]},
    }
    made = phone.intend("draft", draft_id, "POST", "/proposals", body)
    if made.outcome is Outcome.ACKNOWLEDGED:
        phone.intend(
            "edit",
            draft_id,
            "PATCH",
            f"/proposals/{draft_id}",
            {"problem": f"{number}번째 골목이 어둡다."},
            edits=f"/me/proposals/{draft_id}",
        )
    draft_by_key(phone, f"이름 없는 초안 {number}")
    return made
