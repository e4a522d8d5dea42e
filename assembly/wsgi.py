import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assembly.settings")

application = get_wsgi_application()

# What is loaded stays: only what requests leave behind is looked through, and less often than by default.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
