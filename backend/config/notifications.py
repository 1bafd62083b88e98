"""Owns the settings of what people are told: push services, the key that signs for us."""

from backend.config.setting import Setting, public_url, push_services

SETTINGS = (
    Setting(
        "PUBLIC_URL",
        "DONGNE_PUBLIC_URL",
        "https://dongne.localhost",
        public_url,
        "where people reach this installation, for the links in letters",
    ),
    Setting(
        "PUSH_SERVICES",
        "DONGNE_PUSH_SERVICES",
        "fcm.googleapis.com,updates.push.services.mozilla.com,*.push.apple.com,*.notify.windows.com",
        push_services,
        "hosts that push messages are sent to; an origin such as http://127.0.0.1:9000 is a test's",
    ),
    Setting(
        "VAPID_PRIVATE_KEY",
        "DONGNE_VAPID_PRIVATE_KEY",
        "",
        str,
        "base64url of 32 bytes; default: var/vapid.key, made when it is first needed",
    ),
    Setting(
        "VAPID_SUBJECT",
        "DONGNE_VAPID_SUBJECT",
        "mailto:postmaster@dongne.localhost",
        str,
        "whom a push service may turn to about our messages (mailto: or https:)",
    ),
)
