"""What several formats read alike: packed files, XML element by element, dates of birth, names."""
