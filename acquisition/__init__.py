"""Acquisition: campaigns and leads, until a lead becomes a customer."""
