"""Programs that others write against our stores."""
