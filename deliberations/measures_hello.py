"""The least Django can say, under the same server: what `measure pages` compares the pages with."""

import os

import django
from django.conf import settings
from django.core.handlers.wsgi import WSGIHandler
from django.http import HttpResponse
from django.urls import path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "assembly.settings")
django.setup()
settings.MIDDLEWARE, settings.ROOT_URLCONF = [], __name__


def hello(_request):
    return HttpResponse("hello", headers={"Content-Length": "5"})


urlpatterns = [path("", hello)]
application = WSGIHandler()
