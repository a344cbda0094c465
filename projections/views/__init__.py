"""Views: boards, deadlines, sheets, targets and other results as typed rows."""
