"""The WSGI door, for `serve` and any other server."""

import os

from django.core.wsgi import get_wsgi_application

from config.screen import screened

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = screened(get_wsgi_application())
