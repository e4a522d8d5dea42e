"""Who the Assembly is made of, against Paris and its targets, from the letter to the last session."""
