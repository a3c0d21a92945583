"""
Suspicious-activity reports: drafted by an analyst, approved by an officer, filed as goAML XML.

Compliance alone knows of them (tipping-off: AMLR art. 73, hvidvaskloven § 38). Nothing of a report
stands in a table that anybody else's page, job, export or stream reads; see
docs/decisions/0018-suspicion-reports.md.
"""
