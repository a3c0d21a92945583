"""Key figures: their history, their targets, and the extract of the general ledger."""
