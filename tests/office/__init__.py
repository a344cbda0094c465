"""Documents opened by LibreOffice and poppler: `make test-office`."""
