"""The job that erases leads past their time, and the certificate that it leaves."""
