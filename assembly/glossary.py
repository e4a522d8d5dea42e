"""The difficult words of these pages, in plain ones."""

from dataclasses import dataclass
from unicodedata import combining, normalize

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django.views.generic import TemplateView


@dataclass(frozen=True)
class Term:
    key: str
    word: str
    meaning: str

    def get_absolute_url(self):
        return f"{reverse('glossary')}#{self.key}"


TERMS = {
    key: Term(key, name, meaning)
    for key, name, meaning in [
        (
            "allowance",
            pgettext_lazy("glossary", "allowance"),
            _("What a member is paid for each half-day of presence, so that nobody has to do without."),
        ),
        (
            "amendment",
            pgettext_lazy("glossary", "amendment"),
            _("A change proposed to one passage of a text."),
        ),
        (
            "bailiff",
            pgettext_lazy("glossary", "judicial officer"),
            _(
                "An officer of the law, independent of the City, who watches the draw and certifies its result."
            ),
        ),
        (
            "counter",
            pgettext_lazy("glossary", "counter-proposal"),
            _("Another text, written by the executive in answer to that of the citizens, who vote on it."),
        ),
        (
            "council",
            pgettext_lazy("glossary", "Paris Council"),
            _("The elected assembly of the City: it adopts, changes or rejects the texts of the citizens."),
        ),
        (
            "cycle",
            pgettext_lazy("glossary", "cycle"),
            _("One intake of the Assembly: its hundred members, and about a year of work."),
        ),
        (
            "deliberation",
            pgettext_lazy("glossary", "citizens’ deliberation"),
            _(
                "A text which decides: once the Council has adopted it, it binds the City, as any deliberation does."
            ),
        ),
        (
            "diploma",
            pgettext_lazy("glossary", "level of diploma"),
            _(
                "The highest diploma somebody holds. It serves to have all walks of life sit, and is never public for a person."
            ),
        ),
        (
            "directorate",
            pgettext_lazy("glossary", "directorate"),
            _("A department of the City, such as that of roads or of schools: it carries the measures out."),
        ),
        (
            "draw",
            pgettext_lazy("glossary", "drawing lots"),
            _("Chance chooses, by a rule known beforehand and open to checking."),
        ),
        (
            "executive",
            pgettext_lazy("glossary", "executive"),
            _("The Mayor and her deputies, who run the City and bring the texts before the Council."),
        ),
        (
            "facilitator",
            pgettext_lazy("glossary", "facilitator"),
            _("Leads the meetings of a workshop so that everybody speaks; does not decide."),
        ),
        (
            "fingerprint",
            pgettext_lazy("glossary", "fingerprint"),
            _("Sixty-four signs computed from a file. If the file changes by one letter, so does all of it."),
        ),
        (
            "follow-up",
            pgettext_lazy("glossary", "right of follow-up"),
            _(
                "What the City owes: a return every year on each measure adopted, until it is done or dropped."
            ),
        ),
        (
            "guarantor",
            pgettext_lazy("glossary", "guarantor"),
            _("Somebody independent who watches the procedure and publishes what was observed."),
        ),
        (
            "hearing",
            pgettext_lazy("glossary", "hearing"),
            _("A meeting at which a workshop questions people who know the subject, or live it."),
        ),
        (
            "jury",
            pgettext_lazy("glossary", "citizens’ jury"),
            _("A smaller group drawn by lot for one question, at the request of the Assembly."),
        ),
        (
            "majority",
            pgettext_lazy("glossary", "absolute majority"),
            _("More than half. A simple majority only asks for more votes for than against."),
        ),
        (
            "mandate",
            pgettext_lazy("glossary", "working mandate"),
            _("The question a workshop agrees to answer: proposed by the executive, voted by the plenary."),
        ),
        (
            "measure",
            pgettext_lazy("glossary", "measure"),
            _("One thing a text asks the City to do. Each is followed on its own once adopted."),
        ),
        (
            "minority",
            pgettext_lazy("glossary", "note of the minority"),
            _("What those who voted against wish to have known: it stays with the text."),
        ),
        (
            "notebook",
            pgettext_lazy("glossary", "summary notebook"),
            _("What a workshop learned, and the questions it asks the executive before it writes a text."),
        ),
        ("plenary", pgettext_lazy("glossary", "plenary"), _("The meeting of all the members.")),
        (
            "pool",
            pgettext_lazy("glossary", "pool"),
            _(
                "A list with seats of its own: voters, residents from outside the European Union, people of 16 and 17."
            ),
        ),
        (
            "quorum",
            pgettext_lazy("glossary", "quorum"),
            _("The number of people who must be there for a vote to count."),
        ),
        (
            "rapporteur",
            pgettext_lazy("glossary", "rapporteur"),
            _("The member who holds the pen for a workshop and speaks for it."),
        ),
        (
            "recital",
            pgettext_lazy("glossary", "recital"),
            _("A sentence at the head of a text that gives a reason: it begins with “Considering”."),
        ),
        (
            "recommendation",
            pgettext_lazy("glossary", "recommendation"),
            _("A proposal in the words of the citizens, before it becomes part of a text."),
        ),
        (
            "reserve",
            pgettext_lazy("glossary", "reserve"),
            _("The volunteers not drawn: one who resembles a member who leaves is drawn among them."),
        ),
        (
            "return",
            pgettext_lazy("glossary", "return"),
            _("The yearly answer of the City: what was done for a measure, what it cost, what is missing."),
        ),
        (
            "seed",
            pgettext_lazy("glossary", "seed"),
            _("The number the draw starts from. Dice thrown in public are in it: nobody can choose it."),
        ),
        (
            "wish",
            pgettext_lazy("glossary", "wish"),
            _(
                "A text which asks: the Council adopts it as its own, and the executive is expected to act on it."
            ),
        ),
        (
            "workshop",
            pgettext_lazy("glossary", "workshop"),
            _("A third of the members or so, who work together on one subject."),
        ),
    ]
}


class Glossary(TemplateView):
    template_name = "pages/glossary.html"

    def get_context_data(self, **context):
        terms = sorted(TERMS.values(), key=lambda term: plain(str(term.word)))
        return super().get_context_data(terms=terms, **context)


def plain(text):
    """In the order of a dictionary, whatever the accents."""
    letters = normalize("NFKD", text.casefold().replace("œ", "oe"))
    return "".join(letter for letter in letters if not combining(letter))
