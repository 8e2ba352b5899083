"""The other side of an ML backend: what the server asks models, and what it makes of their answers."""
