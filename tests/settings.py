"""Settings of the tests: the real ones, with secrets of their own, real servers and cheap password hashes."""

import os

os.environ["DEMO"] = "1"
os.environ["ALLOWED_HOSTS"] = "testserver,localhost,127.0.0.1"
os.environ["SECRET_KEY"] = "a-secret-of-the-tests-that-nothing-else-uses-0123456789"
os.environ["LEEWAY_ENCRYPTION_KEYS"] = "dGVzdHMtb25seS10ZXN0cy1vbmx5LXRlc3RzLW9ubHk="
os.environ["LEEWAY_TITLE_KEY"] = "a-title-key-of-the-tests"
os.environ["NO_PROXY"] = "127.0.0.1,localhost"
os.environ["CANVAS_BASE_URL"] = os.environ["CANVAS_TOKEN"] = ""

from accommodations.settings import *  # noqa: F403  # settings are names
from tests.services.processes import free_port

STATIC_ROOT = str(BASE_DIR / "static")  # noqa: F405  # nothing is collected for tests
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}  # noqa: F405  # one of the settings
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = False

# conftest.py starts both servers on these ports when the first test asks for the database.
TEST_POSTGRES_PORT = free_port()
TEST_REDIS_PORT = free_port()
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "postgres",
        "USER": "postgres",
        "HOST": "127.0.0.1",
        "PORT": str(TEST_POSTGRES_PORT),
    }
}
REDIS_URL = CELERY_BROKER_URL = f"redis://127.0.0.1:{TEST_REDIS_PORT}/0"
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
