"""The risk model: its content and life, what a draft would do to the portfolio, and what is missing."""
