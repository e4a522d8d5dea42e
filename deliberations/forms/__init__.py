"""The forms of mandates, texts, votes and measures: their fields are the particulars of the acts."""
