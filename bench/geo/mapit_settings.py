"""Settings of Django for MapIt, as lean as it runs: no sessions, no translations, no limits."""

import os

SECRET_KEY = os.environ.get("DONGNE_SECRET_KEY", "of a benchmark on loopback")
DEBUG = False
ALLOWED_HOSTS = ["127.0.0.1"]
INSTALLED_APPS = ["django.contrib.gis", "mapit"]
MIDDLEWARE = ["mapit.middleware.JSONPMiddleware", "mapit.middleware.ViewExceptionMiddleware"]
ROOT_URLCONF = "mapit.urls"
DATABASES = {
    "default": {
        "ENGINE": "django.contrib.gis.db.backends.postgis",
        "NAME": os.environ.get("PGDATABASE"),
        "CONN_MAX_AGE": None,
        "OPTIONS": {"options": "-c search_path=mapit,public"},
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.AutoField"
USE_TZ = True
MAPIT_AREA_SRID = 4326
MAPIT_COUNTRY = ""
MAPIT_RATE_LIMIT = {"ips": ["127.0.0.1"]}
