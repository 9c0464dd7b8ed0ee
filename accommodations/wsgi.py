"""The WSGI entry point."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "accommodations.settings")

application = get_wsgi_application()

from accommodations.checks import refuse_unsafe_start  # noqa: E402  # needs the settings, which are loaded above

refuse_unsafe_start()
