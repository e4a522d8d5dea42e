from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class WorkshopsConfig(AppConfig):
    name = "workshops"

    def ready(self):
        for module in ("rules", "jobs", "reactions"):
            if find_spec(f"workshops.{module}"):
                import_module(f"workshops.{module}")
