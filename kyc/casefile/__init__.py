"""The case file: what was known, decided and by whom in one case, to be shown years later."""
