"""Owns the settings of where files lie: on the local disk, or in an S3-compatible bucket."""

from backend.config.setting import Setting

SETTINGS = (
    Setting(
        "FILES_BUCKET",
        "DONGNE_FILES_BUCKET",
        "",
        str,
        "bucket for photos; without one they lie on the disk, in files/ below DONGNE_VAR",
    ),
    Setting(
        "FILES_ENDPOINT",
        "DONGNE_FILES_ENDPOINT",
        "",
        str,
        "address of the S3-compatible storage; without one it is that of the region at AWS",
    ),
    Setting("FILES_REGION", "DONGNE_FILES_REGION", "ap-northeast-2", str, "region of the bucket"),
    Setting("FILES_ACCESS_KEY", "DONGNE_FILES_ACCESS_KEY", "", str, "key id for the bucket"),
    Setting("FILES_SECRET_KEY", "DONGNE_FILES_SECRET_KEY", "", str, "secret of that key"),
)
