"""Owns the list of what is kept of people: what, for how long, for which reason, cleared by whom.

Every table that names a person is on it; a test compares it with the tables there are.
"""

from collections.abc import Sequence

from backend.accounts import new_passwords
from backend.accounts.guardians import service as guardians
from backend.accounts.oidc import attempts
from backend.accounts.personal_data import PROOF_KEPT_FOR
from backend.idempotency.service import KEPT_FOR as ANSWERS_KEPT_FOR
from backend.me.exports.service import KEPT_FOR as EXPORTS_KEPT_FOR
from backend.me.retention.rule import ERASED_AT_ONCE, OFFICIAL, PIPA_21, PROGRAMME, Rule
from backend.notifications.deliveries.upkeep import KEPT_FOR as DELIVERIES_KEPT_FOR
from backend.notifications.letters.tokens import CONFIRM_WITHIN
from backend.organizations.retention import KEPT_FOR as INVITATIONS_KEPT_FOR
from backend.proposals.uploads.service import KEPT_FOR as UPLOADS_KEPT_FOR

RULES: Sequence[Rule] = (
    Rule(
        "account",
        ("account", "external_identity", "second_factor", "recovery_code"),
        (
            "계정: 이메일 주소, 이름, 비밀번호 해시, 외부 로그인 연결, 2단계 인증",
            "Account: e-mail address, name, password hash, sign-in providers, second factor",
        ),
        ERASED_AT_ONCE,
        PIPA_21,
    ),
    Rule(
        "residence",
        ("residence",),
        ("사는 동네(법정동 코드)와 그 기록", "Residence (code of the legal dong) and its history"),
        ERASED_AT_ONCE,
        PIPA_21,
    ),
    Rule(
        "location_use",
        ("location_use",),
        ("위치 이용·제공사실 확인자료(좌표 없음)", "That a position was used (no coordinate)"),
        ("설정한 기간, 또는 탈퇴할 때까지", "A set time, or until the account is erased"),
        (
            "위치정보의 보호 및 이용 등에 관한 법률 제16조 제2항, 제24조 제4항",
            "Act on the Protection, Use, etc. of Location Information, articles 16(2) and 24(4)",
        ),
        "LOCATION_USE_DAYS",
        "accounts.forget_location_uses",
    ),
    Rule(
        "consent",
        ("consent", "guardian_consent"),
        (
            "동의한 문서와 판, 시각(법정대리인의 동의 포함)",
            "Which documents were agreed to and when, guardians' consents included",
        ),
        ("탈퇴한 뒤 3년", "Three years after the account is erased"),
        (
            "개인정보 보호법 제22조 제3항(동의의 증명), 민법 제766조 제1항",
            (
                "Proof of consent: Personal Information Protection Act, article 22(3); Civil Act,"
                " article 766(1)"
            ),
        ),
        PROOF_KEPT_FOR,
        "erased.forget",
    ),
    Rule(
        "guardian_contact",
        ("guardian_consent",),
        ("답하지 않은 법정대리인의 연락처", "Address of a guardian who has not answered"),
        ("물은 뒤 48시간", "48 hours after the question"),
        PIPA_21,
        guardians.LIFE,
        "guardians.forget",
    ),
    Rule(
        "sign_in",
        ("sign_in", "refresh_token"),
        ("로그인된 기기와 토큰의 해시", "Devices that are signed in, hashes of tokens"),
        (
            "마지막 토큰의 기한, 또는 탈퇴할 때까지",
            "Until the last token's time is over, or the account is erased",
        ),
        PIPA_21,
        "REFRESH_TOKEN_DAYS",
        "accounts.forget_sign_ins",
    ),
    Rule(
        "password_reset",
        ("password_reset",),
        ("비밀번호 재설정 요청", "Requests for a new password"),
        ("요청한 뒤 하루", "A day after the request"),
        PIPA_21,
        new_passwords.KEPT_FOR,
        "accounts.forget_sign_ins",
    ),
    Rule(
        "sign_in_attempt",
        ("sign_in_attempt",),
        ("진행 중인 외부 로그인", "Sign-ins with a provider under way"),
        ("10분", "Ten minutes"),
        PIPA_21,
        attempts.LIFE,
        "sign_in_attempts.forget",
    ),
    Rule(
        "kept_answer",
        ("kept_answer",),
        ("다시 보낸 요청에 돌려줄 답", "Answers for requests that are sent again"),
        ("24시간", "24 hours"),
        PIPA_21,
        ANSWERS_KEPT_FOR,
        "idempotency.forget",
    ),
    Rule(
        "rate_limit",
        ("rate_limit",),
        ("요청 횟수(계정과 주소는 HMAC)", "Counts of requests (accounts and addresses as HMAC)"),
        ("세는 시간이 끝날 때까지", "Until the window of the count is over"),
        PIPA_21,
        None,
        "limits.forget",
    ),
    Rule(
        "change",
        ("change",),
        ("앱의 사본이 무엇을 다시 받아야 하는지", "What an app's copy has to read again"),
        ("설정한 기간", "A set time"),
        PIPA_21,
        "SYNC_DAYS",
        "sync.forget",
    ),
    Rule(
        "notice",
        (
            "notice",
            "notification_preference",
            "push_subscription",
            "email_confirmation",
            "area_subscription",
        ),
        (
            "알림과 그 설정, 푸시 구독, 확인한 이메일 주소, 지켜보는 지역",
            "Notices and their settings, push subscriptions, the confirmed address, followed areas",
        ),
        ERASED_AT_ONCE,
        PIPA_21,
        None,
        "erased.forget",
    ),
    Rule(
        "email_change",
        ("email_change",),
        ("확인을 기다리는 새 이메일 주소", "A new address that waits to be confirmed"),
        ("요청한 뒤 3일", "Three days after the request"),
        PIPA_21,
        CONFIRM_WITHIN,
        "email_changes.forget",
    ),
    Rule(
        "delivery",
        ("delivery",),
        ("알림을 보낸 기록", "That notices were sent"),
        ("보낸 뒤 30일", "30 days after they were sent"),
        PIPA_21,
        DELIVERIES_KEPT_FOR,
        "notifications.keep_up",
    ),
    Rule(
        "export",
        ("personal_export",),
        ("내 정보 내보내기 파일", "Copies of one's own data"),
        ("만든 뒤 7일", "Seven days after they were made"),
        PIPA_21,
        EXPORTS_KEPT_FOR,
        "exports.forget",
    ),
    Rule(
        "upload",
        ("upload",),
        ("올리는 중인 사진", "Photos on their way"),
        ("시작한 뒤 24시간", "24 hours after they began"),
        PIPA_21,
        UPLOADS_KEPT_FOR,
        "uploads.expire",
    ),
    Rule(
        "draft",
        ("proposal", "photo", "co_author", "co_author_invitation"),
        ("제출하지 않은 초안과 사진", "Drafts and photos"),
        ("지울 때, 또는 탈퇴할 때까지", "Until they are discarded, or the account is erased"),
        PIPA_21,
    ),
    Rule(
        "proposal",
        ("proposal", "proposal_version", "proposal_event", "comment"),
        (
            "제출한 제안과 그 판, 의견. 탈퇴하면 이름과 정확한 위치는 지워진다",
            (
                "Submitted proposals, their versions, comments; no name or exact point once the"
                " account is erased"
            ),
        ),
        PROGRAMME,
        (
            "국민제안의 처리와 공개: 국민 제안 규정",
            "Handling and publishing of citizens' proposals: Regulation on Citizens' Proposals",
        ),
    ),
    Rule(
        "act",
        ("endorsement", "carried_endorsement", "proposal_follow", "comment_report"),
        ("공감, 관심 제안, 신고", "Endorsements, follows, reports"),
        ERASED_AT_ONCE,
        PIPA_21,
    ),
    Rule(
        "objection",
        ("plan_objection",),
        (
            "이의신청. 탈퇴하면 글은 지워지고 결정은 남는다",
            "Objections; decisions stay, one's own words go with the account",
        ),
        PROGRAMME,
        OFFICIAL,
    ),
    Rule(
        "membership",
        ("membership",),
        ("기관에서 맡은 역할", "Roles at organizations"),
        PROGRAMME,
        OFFICIAL,
    ),
    Rule(
        "invitation",
        ("invitation",),
        (
            "기관의 초대와 초대받은 이메일 주소",
            "Invitations of organizations with the invited address",
        ),
        (
            "받아들이지 않으면 기한 뒤 30일, 받아들이면 탈퇴할 때까지",
            "Not accepted, until 30 days after they expired; accepted, until the account is erased",
        ),
        PIPA_21,
        INVITATIONS_KEPT_FOR,
        "invitations.forget",
    ),
    Rule(
        "official_act",
        (
            "decision",
            "proposal_merge",
            "ranking",
            "product_proposal",
            "photo_redaction",
            "declared_interest",
            "round",
            "round_inputs",
            "round_notice",
            "round_policy_version",
            "seed_entry",
            "official_seed",
            "budget_transfer",
            "offer",
            "matching_run",
            "application",
            "vacancy",
            "placement_contract",
        ),
        (
            "심사, 순위, 차수와 배정에서 담당자가 한 일",
            "What staff decided in reviews, rankings, rounds and placements",
        ),
        PROGRAMME,
        OFFICIAL,
    ),
    Rule(
        "boundary",
        ("boundary_case", "boundary_change", "record_move"),
        ("행정구역이 바뀔 때 기록이 옮겨 간 자취", "Where records moved with the boundaries"),
        ("사는 동네의 것은 탈퇴할 때까지", "Those of residences until the account is erased"),
        OFFICIAL,
    ),
    Rule(
        "audit",
        ("audit_event",),
        (
            "누가 언제 무엇을 했는지의 감사 기록(개인정보 없음)과 개인정보 열람 기록",
            "Audit chains of who did what and who saw personal facts (no personal data)",
        ),
        ("지우지 않음(2년 이상)", "Never deleted (two years at least)"),
        (
            "개인정보의 안전성 확보조치 기준 제8조",
            "Standards for securing the safety of personal information, article 8",
        ),
    ),
)
"""All that is kept."""
