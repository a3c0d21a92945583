"""A map to take along: drawing, paper, boards for a workshop, and a page that needs no server."""
