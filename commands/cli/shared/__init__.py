"""What several commands share: context, prompts, output."""
