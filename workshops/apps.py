from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from django.apps import AppConfig


class WorkshopsConfig(AppConfig):
    name = "workshops"

    def ready(self):
        for module in (
            "rules",
            "jobs",
            "open_data",
            "reactions",
            "keeping",
            "searching",
            "shelves",
            "stages",
            "surveying",
            "next_step",
            "nudges",
            "following",
            "drifting",
        ):
            if find_spec(f"workshops.{module}"):
                import_module(f"workshops.{module}")
        for module in iter_modules(import_module("workshops.sections").__path__):
            import_module(f"workshops.sections.{module.name}")
