"""Reading transactions: what a row must hold, CSV, account statements (camt.053), and the job."""
