"""The privacy desk: what is kept and how long, what is erased and proved, what people ask for."""
