"""The addresses of the letters: their batches, their parts, those that come back."""

from django.urls import path
from django.utils.translation import gettext_lazy as _

from assembly.forms import ReasonForm
from assembly.views import ActView
from sortition.models import LetterBatch
from sortition.views import batches

batch = "courriers/<int:pk>/"
PROVE = _("The list of letters is closed, and the first twenty are printed for the printer’s trial.")
PRINT = _(
    "The list of letters is closed, and every part not printed yet is printed. You may leave meanwhile."
)
REWRITE = _("What was printed is deleted, and the list of letters made again.")
CLEAR = _("The files go now instead of on their date; counts and fingerprints stay.")


def batch_act(act, **more):
    return ActView.as_view(model=LetterBatch, act=act, **more)


letters = [
    path(
        "cycles/<int:number>/recrutement/retours/",
        batches.LettersReturned.as_view(),
        name="letters_returned",
    ),
    path("registres/<int:pk>/courriers/nouveau/", batches.LetterBatchFound.as_view(), name="letterbatch_add"),
    path(batch, batches.LetterBatchDetail.as_view(), name="letterbatch_detail"),
    path(f"{batch}texte/", batches.LetterBatchEdit.as_view(), name="letterbatch_edit"),
    path(f"{batch}specimen.pdf", batches.LetterBatchSpecimen.as_view(), name="letterbatch_specimen"),
    path(
        f"{batch}epreuve/",
        batch_act("prove", title=_("Print the first part"), help_text=PROVE),
        name="letterbatch_prove",
    ),
    path(
        f"{batch}imprimer/",
        batch_act("print", title=_("Print all the letters"), help_text=PRINT),
        name="letterbatch_print",
    ),
    path(
        f"{batch}reprendre/",
        batch_act(
            "rewrite",
            form_class=ReasonForm,
            title=_("Take up the text again"),
            help_text=REWRITE,
            danger=True,
        ),
        name="letterbatch_rewrite",
    ),
    path(
        f"{batch}supprimer/",
        batch_act("clear", title=_("Delete the files"), help_text=CLEAR, danger=True),
        name="letterbatch_clear",
    ),
    path("courriers/parties/<int:pk>/", batches.LetterPartExport.as_view(), name="letterpart_export"),
]
