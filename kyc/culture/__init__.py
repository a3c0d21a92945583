"""Compliance culture: who has attested what, how good the decisions are, and where work is late."""
