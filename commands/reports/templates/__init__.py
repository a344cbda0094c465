"""Templates of Word and PDF, which an office may replace."""
