"""Telling other servers what happened: events become rows of the outbox, and the relay delivers them."""
