"""Which documents belong to which workshop: mandates, texts, what the Council decided, requests."""

from assembly import library
from deliberations.models import CouncilItem, Proposal, Request, WorkingMandate

library.shelve(WorkingMandate, "workshop", "document")
library.shelve(Proposal, "workshop", "document")
library.shelve(CouncilItem, "proposal__workshop", "document")
library.shelve(Request, "workshop", "document")
