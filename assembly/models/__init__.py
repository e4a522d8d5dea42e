"""The ground floor: people and their roles, cycles, seats, documents, jobs and the journal."""

from assembly.models.cycles import Cycle, Phase
from assembly.models.documents import Document
from assembly.models.goals import ServingGoals
from assembly.models.jobs import Job, new_lease
from assembly.models.journal import RECORDED, Accountable, JournalEntry, Receipt, Versioned, WordsApart
from assembly.models.members import Member, Spell
from assembly.models.observations import Observation
from assembly.models.people import Appointment, User
from assembly.models.pools import Category, Criterion, Pool, Target
from assembly.models.privacy import (
    Deadline,
    Elimination,
    EliminationStep,
    LeftFile,
    Retention,
)
from assembly.models.releases import Release
from assembly.models.rights import Person, PersonalExport, RightsRequest
from assembly.models.roles import Role
from assembly.models.searching import SearchEntry
from assembly.models.snapshots import Snapshot

__all__ = [
    "SearchEntry",
    "WordsApart",
    "RightsRequest",
    "Retention",
    "PersonalExport",
    "Person",
    "LeftFile",
    "EliminationStep",
    "Elimination",
    "Accountable",
    "Appointment",
    "Category",
    "Criterion",
    "Cycle",
    "Deadline",
    "Document",
    "Job",
    "JournalEntry",
    "Member",
    "Observation",
    "Phase",
    "Pool",
    "RECORDED",
    "Receipt",
    "Release",
    "Role",
    "ServingGoals",
    "Snapshot",
    "Spell",
    "Target",
    "User",
    "Versioned",
    "new_lease",
]
