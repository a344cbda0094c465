"""What clerks, auditors and leaders type and see: the only package that prompts and prints."""
