"""Customers from a file: reading, understanding and storing its rows, chunk by chunk."""
