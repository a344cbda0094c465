"""Messages about what is due, sent to the units, and their deadlines for calendar programs."""
