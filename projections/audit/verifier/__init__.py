"""The standalone verifier: one file that an auditor can read and run with nothing of ours."""
