"""The one home of every Chinese and English word that a reader sees.

- `reader_language`, `messages`: sentences. The English message is the key of the gettext
  catalogues in `locales/`.
- `terms`: `Label` and `PolicyTerm`, a word in both languages. `str(label)` is in the reader's
  language.
- `event_words`: events and their fields. `vocabulary_words`: the policy's closed vocabularies.
- `rule_terms`, `rulebook_fields`, `rule_words`, `policy_words`: rulebooks. `kinds`: each kind of
  rule, a module each.
- `sheet_words`: the five task sheets, tasks and deadlines.
- `table_headings`: the headings of the terminal's tables.
- `report_words`, `form_words`, `page_words` and others: documents and pages, always Chinese.

Cells and official documents show the Chinese term in every language. Headings, prompts, choices and
help show both to an English reader.
"""
