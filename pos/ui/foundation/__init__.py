"""The look: tokens, theme, fonts, icons, pattern, sounds and the places of the screen."""
