"""What a page in English says in French without saying that it is French."""

from html.parser import HTMLParser

from assembly.models import Cycle, Document
from deliberations.models import Measure, Proposal
from workshops.models import Meeting, Question, Workshop

ALONE = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
PLAIN = {"title", "option", "textarea", "script", "style", "figure"}
"""Nothing inside these is marked: some hold bare words only, and a chart says its title in several places."""
WRITTEN = {Cycle: "title", Document: "title", Measure: "text", Meeting: "title", Proposal: "title"}
WRITTEN |= {Question: "text", Workshop: "title"}


class Spoken(HTMLParser):
    """The words of a page that are in its own language, one string each."""

    def __init__(self, page):
        super().__init__()
        self.open, self.words = [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if tag not in ALONE:
            self.open.append((tag, dict(attributes).get("lang")))

    def handle_endtag(self, tag):
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, words):
        tongue = next((lang for _tag, lang in reversed(self.open) if lang), None)
        if tongue == "en" and not PLAIN.intersection(tag for tag, _lang in self.open):
            self.words.append(words)


def french():
    """Everything the Assembly wrote that is long enough to be nothing else."""
    said = {words for model, name in WRITTEN.items() for words in model.objects.values_list(name, flat=True)}
    return {words.strip() for words in said if len(words) > 9}


def unmarked(page, french):
    """The first French words of a page that a voice would read as English."""
    return next((words for words in Spoken(page).words if words.strip() in french), None)
