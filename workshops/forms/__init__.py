"""Forms of the workshops: their fields are the keyword arguments of the acts they feed."""
