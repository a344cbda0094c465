"""Tests read like the policy: given facts, when a command, then events or a refusal; facts in, points out."""
