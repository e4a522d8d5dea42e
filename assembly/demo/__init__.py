"""The demonstration: two cycles told through the acts people use, at their own dates. Nobody in it exists."""
