"""Opens the sketchpad. Intentionally kept short; see recognizer/app."""

import os
import sys

os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")

if __name__ == "__main__":
    from recognizer.app.command import main

    sys.exit(main())
