"""The one home of every Chinese and English word that a reader sees.

- `reader_language`: which language. `messages`: sentences; the English message is the key of the gettext catalogues in `locales/`.
- `terms`: `Label` and `PolicyTerm`, a word in both languages; `str(label)` is in the reader's language.
- `event_words`: events and their fields. `vocabulary_words`: the policy's closed vocabularies, as cells show them.
- `rule_terms`: measures, kinds of rule, filters. `sheet_words`: the five task sheets, tasks and deadlines.
- `table_headings`: the headings of the terminal's tables.

Cells and official documents show the Chinese term in every language; headings, prompts, choices and help
show an English reader both.
"""
