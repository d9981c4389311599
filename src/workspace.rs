//! Folders, settings, today: the only owner of folder names and of the clock.
