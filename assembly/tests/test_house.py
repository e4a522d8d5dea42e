"""The habits of the house, checked on every run."""

import inspect
import re

import pytest
import rules
from django.apps import apps
from django.conf import settings
from django.core.management import call_command

import assembly.urls  # noqa: F401 (every room is loaded)
from assembly.journal import EVERY_ACT, REACTIONS
from assembly.models import JournalEntry
from assembly.rules import permission_for
from assembly.tests.addresses import addresses

OWN = ("assembly", "sortition", "workshops", "deliberations")


def acts():
    for model in apps.get_models():
        for name, member in inspect.getmembers_static(model):
            if hasattr(member, "label") and hasattr(member, "sources"):
                yield model, name


@pytest.mark.django_db
def test_models_and_migrations_agree():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_act_has_an_owner():
    orphans = {
        permission_for(name, model)
        for model, name in acts()
        if not rules.perm_exists(permission_for(name, model))
    }
    assert orphans == set()


def test_every_permission_is_about_a_real_act():
    known = {permission_for(name, model) for model, name in acts()}
    known |= {
        permission_for(name, model) for model in apps.get_models() for name in ("add", "edit", "take_out")
    }
    unknown = {name for name in rules.permissions.permissions if name not in known and ".view_" not in name}
    assert unknown == set()


def test_every_reaction_listens_to_a_real_act():
    known = {f"{model._meta.label_lower}.{name}" for model, name in acts()}
    known |= {
        f"{model._meta.label_lower}.{name}" for model in apps.get_models() for name in ("create", "edit")
    }
    assert set(REACTIONS) <= known | {EVERY_ACT}


def test_every_act_says_in_words_what_was_done():
    for model, name in acts():
        entry = JournalEntry(act=f"{model._meta.label_lower}.{name}")
        assert str(entry.sentence) not in {"", name}


def test_nobody_moves_an_object_but_through_its_door():
    for path in own_files(".py"):
        if "tests" in path.parts or "migrations" in path.parts or path.name in {"lifecycle.py", "jobs.py"}:
            continue
        assert ".state = " not in path.read_text(), f"{path} assigns a state"


def test_every_template_is_used():
    root = settings.BASE_DIR / "templates"
    templates = {str(path.relative_to(root)) for path in root.rglob("*.html")}
    sources = "\n".join(path.read_text() for path in [*own_files(".py"), *root.rglob("*.html")])
    implied = {
        name
        for name in templates
        if name.startswith(("account/", "allauth/", "mfa/", "print/", "bootstrap5/", "django/"))
    }
    implied |= {"400.html", "403.html", "403_csrf.html", "404.html", "500.html"}
    implied |= {name for name in templates if name.endswith(("_list.html", "_detail.html", "_form.html"))}
    unused = {
        name for name in templates - implied if name not in sources and f'"{name[6:-5]}"' not in sources
    }
    assert unused == set()


def test_no_template_holds_a_script_or_a_style():
    for path in (settings.BASE_DIR / "templates").rglob("*.html"):
        text = path.read_text()
        assert not re.search(r' style="[^"]*:', text), f"{path} has an inline style"
        assert "<script>" not in text, f"{path} has an inline script"
        assert " onclick=" not in text, f"{path} has an inline handler"


def test_time_is_read_from_one_clock():
    allowed = {"clock.py", "models.py", "jobs.py", "purge_expired_data.py"}
    for path in own_files(".py"):
        if path.name in allowed or {"tests", "engine", "migrations"} & set(path.parts):
            continue
        text = path.read_text()
        assert "timezone.now(" not in text, f"{path} reads its own clock"
        assert "date.today(" not in text, f"{path} reads its own clock"


def test_addresses_are_named_once():
    names = [name for name, _view, _parameters in addresses()]
    assert len(names) == len(set(names))


def own_files(suffix):
    for room in OWN:
        yield from (settings.BASE_DIR / room).rglob(f"*{suffix}")
