"""Opens the sketchpad. Intentionally kept short; see recognizer/app."""

import sys

from recognizer.app import main

if __name__ == "__main__":
    sys.exit(main())
