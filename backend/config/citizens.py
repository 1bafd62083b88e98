"""Owns the settings of what citizens' apps are promised."""

from backend.config.setting import Setting, positive

SETTINGS = (
    Setting(
        "SYNC_DAYS",
        "DONGNE_SYNC_DAYS",
        "90",
        positive,
        "days for which an app that was away is told only what changed",
    ),
)
