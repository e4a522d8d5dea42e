"""Which documents belong to which workshop."""

from assembly import library
from workshops.models import EarlierMinutes, Hearing, Minutes, Notebook, Notice, PressReview, Workshop

library.workshops(Workshop)
library.shelve(Minutes, "meeting__workshop", "document")
library.shelve(EarlierMinutes, "minutes__meeting__workshop", "document")
library.shelve(Notice, "meeting__workshop", "document")
library.shelve(Hearing, "meeting__workshop", "document")
library.shelve(Notebook, "workshop", "document", "answers")
library.shelve(PressReview, "workshop", "document")
