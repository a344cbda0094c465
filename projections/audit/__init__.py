"""What an auditor takes away: certificates, bundles, publications, and the standalone verifier."""
