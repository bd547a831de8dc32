"""Words and pictures for templates: money, time, states, icons, charts."""
