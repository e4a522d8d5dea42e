from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class SortitionConfig(AppConfig):
    name = "sortition"

    def ready(self):
        for module in (
            "rules",
            "jobs",
            "open_data",
            "reactions",
            "clearing",
            "keeping",
            "searching",
            "stages",
            "ageing",
        ):
            if find_spec(f"sortition.{module}"):
                import_module(f"sortition.{module}")
