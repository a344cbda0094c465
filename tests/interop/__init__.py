"""Programs by other authors that read our stores."""
