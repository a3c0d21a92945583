"""What is known of papers: their kinds, and what their machine-readable lines say."""
