from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class DeliberationsConfig(AppConfig):
    name = "deliberations"

    def ready(self):
        for module in (
            "rules",
            "jobs",
            "open_data",
            "open_data_reporting",
            "reactions",
            "following",
            "keeping",
            "searching",
            "shelves",
            "next_step",
            "nudges",
            "panels",
        ):
            if find_spec(f"deliberations.{module}"):
                import_module(f"deliberations.{module}")
