"""Reading what people type, in files and workbooks, into plain records."""
