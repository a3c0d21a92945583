"""Consent and contact: the wordings' life, what the law asks for by channel, the Robinson list."""
