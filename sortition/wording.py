"""What a letter of invitation says before the secretariat makes it its own."""

from django.template.defaultfilters import floatformat
from django.utils import translation
from django.utils.translation import gettext as _

from assembly import clock
from assembly.templatetags.house import day

ENGLISH = (
    "You were drawn by lot from the electoral roll of Paris to hear about the Paris Citizens’ Assembly:"
    " one hundred residents who work for a year on matters of the city and write texts for the Paris Council."
    " Yes or no, please answer with your code at the address on the front: the page exists in English."
    " Half-days are paid, and childcare, access and interpreters are taken care of."
    " Your data come from the electoral roll and serve this draw only;"
    " you may see or correct them, or object, by writing to the addresses above."
)


def first_words(register):
    """The fields of a new batch, in French; English words are those of its summary."""
    cycle = register.cycle
    with translation.override("fr"):
        words = {
            "heading": _("Chance has chosen you: would you like to sit in the Paris Citizens’ Assembly?"),
            "text": letter(),
            "questions": questions(
                allowance=floatformat(cycle.allowance, -2),
                starts=day(cycle.starts_on),
                ends=day(cycle.ends_on),
            ),
            "sender": _(
                "Paris Citizens’ Assembly\nGeneral secretariat\nHôtel de Ville\n75196 Paris Cedex 04"
            ),
            "signatory_role": _("General secretary of the Assembly"),
        }
    last_day = cycle.response_until if cycle.response_until and cycle.response_until > clock.today() else None
    return words | {"english": ENGLISH, "dated_on": clock.today(), "last_day": last_day}


def letter():
    return _(
        "Since 2021 one hundred residents of Paris, drawn by lot, have been working together for a year. They hear those"
        " who know, visit, debate, then write texts which the Paris Council examines. The City owes them an answer, and"
        " tells every year what became of their proposals.\n\n"
        "A new Assembly is being formed. **Your name came out of a draw among all the electors of Paris.** Nobody chose"
        " you, nobody recommended you, and no knowledge is needed: we are looking for a hundred people who, together,"
        " resemble the city.\n\n"
        "If you say yes, you take part in a second draw, public and held before a judicial officer. If you say no,"
        " nothing else is asked of you; your answer helps us all the same."
    )


def questions(*, allowance, starts, ends):
    return _(
        "### What is the Assembly?\nOne hundred people aged 16 and over, renewed by lot, who propose to the City what"
        " they found best for all. It belongs to no party.\n\n"
        "### What would be asked of me?\nAbout a half-day or an evening a month, and some Saturdays, from %(starts)s to"
        " %(ends)s. The rest is done together, on the spot: nothing to prepare at home.\n\n"
        "### Am I paid?\nYes: %(allowance)s euros for each half-day, and meals on the spot.\n\n"
        "### I have children, a disability, odd hours…\nTell us in your answer: childcare, accessible rooms, sign"
        " language, an interpreter, somebody to come with you. We arrange it and it plays no part in the draw.\n\n"
        "### I know nothing about politics\nAll the better. Training, documents and people who know are there for you.\n\n"
        "### And if I am not drawn the second time?\nYou may be called in the course of the year to replace somebody.\n\n"
        "### I do not wish to take part\nSay no with your code, by telephone or by e-mail, without a reason. We will not"
        " remind you.\n\n"
        "### Is this letter genuine?\nThe City of Paris never asks for money or bank details here. If in doubt, call 3975."
    ) % {"allowance": allowance, "starts": starts, "ends": ends}
