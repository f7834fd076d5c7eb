"""Results as Markdown, tables and plots. It measures nothing."""
