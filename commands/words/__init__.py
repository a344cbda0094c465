"""The Chinese and English words for everything a reader sees."""
