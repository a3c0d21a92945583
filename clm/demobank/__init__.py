"""
A Danish bank that never was: branches, people, customers and two years of their history.

Made by the platform itself: every customer walks the real machines on a clock set back, so the
audit trail, the friction report and the churn model tell of what was really recorded.
"""
