"""The pictures of a notebook, cleaned when they come in and named by what they are."""

from django.db import models
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from assembly import pictures
from assembly.models import Accountable
from workshops.models.notebooks import Notebook, PartOfNotebookQuerySet


class Picture(Accountable):
    """A picture that a section shows where it says `[[image 3]]`."""

    notebook = models.ForeignKey(Notebook, models.CASCADE, related_name="pictures")
    number = models.PositiveSmallIntegerField(_("number"), editable=False)
    file = models.FileField(_("picture"), upload_to=f"{pictures.FOLDER}/")
    alternative = models.CharField(
        _("what it shows, for those who do not see it"),
        max_length=300,
        help_text=_("One or two sentences, read aloud in place of the picture."),
    )
    caption = models.CharField(
        _("caption"), max_length=200, blank=True, help_text=_("Printed below, with the author’s name.")
    )

    objects = PartOfNotebookQuerySet.as_manager()

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["notebook", "number"], name="a_picture_has_its_number")
        ]

    def __str__(self):
        return self.caption or self.alternative

    def get_absolute_url(self):
        return f"{self.notebook.get_absolute_url()}#pictures"

    def get_file_url(self):
        """The same on the page and on the sheet, where our printer finds it by its name."""
        return pictures.ADDRESS + self.name

    @property
    def name(self):
        return self.file.name.rpartition("/")[2]

    def save(self, *args, **kwargs):
        if self.number is None:
            self.number = (self.notebook.pictures.aggregate(last=Max("number"))["last"] or 0) + 1
        super().save(*args, **kwargs)

    @property
    def cycle(self):
        return self.notebook.cycle

    @property
    def workshop(self):
        return self.notebook.workshop
