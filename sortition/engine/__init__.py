"""The draw, from the electoral roll to the panel: pure Python, no Django, replayable from public files.

Import the act you need: `reading`, `roll`, `invite`, `volunteers`, `quotas`, `lottery`, `replacement`, `publish`, `verify`.
"""

VERSION = "1"
