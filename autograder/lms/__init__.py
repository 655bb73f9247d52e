"""Downloads from Moodle and Canvas, sorted into the folder of submissions."""
