"""What is about one person is known to the journal by a number; what was said of them in words goes apart."""

from django.db import migrations

OF_A_PERSON = {
    "assembly": ["member", "appointment"],
    "sortition": ["volunteer", "invitation", "seatoffer"],
    "workshops": ["enrolment", "registration", "personheard", "needssheet", "subscription", "message"],
}
NAMELESS = {"volunteer", "invitation", "seatoffer", "needssheet", "subscription", "message"}
PEOPLE = {"user", "member", "author", "asked_by"}


def without_names(apps, schema_editor):
    Entry = apps.get_model("assembly", "JournalEntry")
    Apart = apps.get_model("assembly", "WordsApart")
    Kind = apps.get_model("contenttypes", "ContentType")
    for kind in Kind.objects.filter(app_label__in=OF_A_PERSON):
        personal = kind.model in OF_A_PERSON[kind.app_label]
        for entry in Entry.objects.filter(target_type=kind).iterator(500):
            before = (entry.label, entry.facts)
            if personal and kind.model not in NAMELESS:
                entry.label = f"{kind.model} {entry.target_id}"
            entry.facts = {name: numbered(name, fact) for name, fact in entry.facts.items()}
            words = {name: fact for name, fact in entry.facts.items() if personal and in_words(name, fact)}
            if words:
                kept = {name: fact for name, fact in entry.facts.items() if name not in words}
                entry.facts = kept | {"apart": sorted(words)}
                Apart.objects.create(entry=entry, words=words)
            if (entry.label, entry.facts) != before:
                entry.save(update_fields=["label", "facts"])


def numbered(name, fact):
    known = name in PEOPLE and isinstance(fact, dict) and "id" in fact
    return {"id": fact["id"], "name": f"{name} {fact['id']}"} if known else fact


def in_words(name, fact):
    return isinstance(fact, str) and fact and name not in {"was", "now"}


class Migration(migrations.Migration):
    dependencies = [
        ("assembly", "0010_privacy_desk"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(without_names, migrations.RunPython.noop)]
