"""Leads from files."""
