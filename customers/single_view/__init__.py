"""One customer, whatever the number of systems and records behind: survivorship, duplicates, merge."""
