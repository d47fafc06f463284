"""Bring the catalogue up to date with the code and say what is not translated yet."""

import os
import sys

import django


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "flowbuilder.settings")
    django.setup()
    from flowbuilder.translation.catalogues import untranslated, update
    from flowbuilder.translation.messages import messages

    missing = untranslated(update(messages()))
    for entry in missing:
        print(f"{entry.locations[0][0]}: {entry.id!r}")
    print(f"{len(missing)} not translated")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
