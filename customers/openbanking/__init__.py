"""Reading accounts at other banks: the wire, and a stand-in for such a bank."""
