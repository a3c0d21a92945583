"""Customers as a file: which columns there are, and the job that writes them."""
