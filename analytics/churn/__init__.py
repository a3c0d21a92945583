"""The churn model: table to numbers, numbers to log-odds, and each log-odds to its reasons."""
