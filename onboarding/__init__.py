"""Onboarding: from an application to an active customer."""
