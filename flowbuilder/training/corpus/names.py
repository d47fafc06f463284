"""Names that the corpus invents, and which of them training may never see.

Words fall into the train or the held-out side by a hash of the word alone, so the two sides cannot
overlap whatever the seed. The words of the delivery domain itself are always on the train side.
"""

import random
import zlib
from typing import Literal

Split = Literal["train", "known", "new"]
"""``train``; ``known``: known words in field combinations never trained on; ``new``: never-seen words."""

_ONSETS = "b c d f g h j k l m n p r s t v w z bl br ch cl cr dr fl fr gl gr kl pl pr sh sk sl sp st tr th qu".split()
_VOWELS = "a e i o u a e i o u ai ea ee ou oa ie y".split()
_CODAS = "n r l s t m d k p x nd rt st sk ng ck ll ft b g z".split()

ENGLISH = """
account acorn album amber anchor angle apple apron arrow atlas attic autumn badge bagel balance banner barley basin basket
beacon beaker bench berry birch blanket blossom bonus border bottle branch brass bread breeze brick bridge bronze brush bucket
budget butter button cabin cable cactus camera candle canvas canyon carbon carpet castle cedar ceiling cellar cereal chain chapel
chapter cherry circle clause clinic clock cloud clover coach coast cobalt coffee column comet copper coral corner cotton course
cradle crane credit cricket crystal curve cycle daisy dancer debit degree delta denim desert desk diamond dinner doctor dollar
domain donkey dosage dragon drawer duty eagle earth echo editor elbow ember engine entry episode equity estate fabric falcon
farmer feather fence fern ferry fever fiber field figure filter finger flame flask fleet flight flour flower folder forest fossil
frame freezer frost fruit funnel galaxy gallon garden garlic gasket gate genre ginger glacier glass globe glove grade grain granite
grape gravel guest guitar habit hammer harbor harvest hazel helmet herb hockey honey horizon hotel insect iron island ivory
jacket jasmine jelly jersey jewel juice jungle junior kernel kettle kitchen kitten ladder lagoon lamp lantern laser lattice laundry
leaf league leather lecture lemon lens lesson level lever library lily limit linen lion lobby lotus lumber lunar magnet mango
maple marble margin market mayor meadow medal melody member menu metal meteor method metric mile mineral minute mirror module monkey
moon mortar motor museum music nectar needle nickel novel nurse nylon oasis object ocean office olive onion opera orange orbit orchid
organ otter oven oxygen oyster packet paddle palace panel paper parent parrot patch patient pebble pencil pepper petal phase piano
pigeon pillow pilot pine pixel planet plaster plate player pocket poem point polish pond poster potato powder prism profile pulse
pump puppet purse puzzle quarry quartz quilt rabbit radar radio rain ranch razor reader recipe region ribbon river robot rocket
roof room rope rose rubber ruler saddle salad salmon salt sample sand sauce scale school score screen script season seed sensor
series shadow shark sheet shelf shell shirt shoulder signal silk silver singer sketch smoke soap socket sofa soil solar sonar spark
spice spider spiral sponge spoon spring square stage stamp star statue steam steel stem stone storm story stove straw stream string
studio sugar summit sunset surface swan sword symbol syrup tablet target temple tenant tennis thread throne ticket tide tiger timber
tissue title tomato torch tower trail train tray treaty triangle tribe tulip tunnel turbine turtle twig umbrella uncle valley valve
vapor vector velvet vessel village violin virus vision voice volume voucher wagon wallet walnut water wave wheat wheel window winter
wire witness wolf wood wool writer yard yogurt zebra zinc
""".split()  # fmt: skip


_FIXED = frozenset(
    """
    absent arrival assigned bahnhofstrasse bauer bike blanc cancelled cargonaut carrier claim class closed code collected comment
    compartment cork courier dario describes dina dispatch dresden electric enabled event expires farid from hana hauptstrasse
    have home invoice issued kiel last left light list march nantes night nordpost number okafor only overdue paid ratio reason
    reception refused report requested rossi sousa start status tanaka used weber which width
    """.split()
)  # fmt: skip
"""Words of the corpus's own sentences, fields and values that the hash would call never seen."""


def held_out_word(word: str) -> bool:
    """Whether ``word`` belongs to the one eighth of invented words kept from training.

    Words of up to three letters never do: they turn up inside codes.
    """
    if len(word) < 4 or word.lower() in _FIXED:
        return False
    return zlib.crc32(f"word:{word.lower()}".encode()) % 8 == 0


def invented_word(rng: random.Random, split: Split) -> str:
    """A lower-case word of the side that ``split`` may use: made of syllables, English, or random letters."""
    while True:
        roll = rng.random()
        if roll < 0.6:
            word = "".join(
                rng.choice(_ONSETS) + rng.choice(_VOWELS) + (rng.choice(_CODAS) if rng.random() < 0.5 else "")
                for _ in range(rng.choice((1, 2, 2, 3)))
            )
        elif roll < 0.88:
            word = rng.choice(ENGLISH)
        else:
            word = "".join(rng.choice("abcdefghijklmnopqrstuvwxyz") for _ in range(rng.randint(3, 7)))
        if held_out_word(word) == (split == "new"):
            return word


SUFFIXES = {
    "string": ("id", "code", "name", "ref", "label", "note", "key", "type"),
    "integer": ("count", "total", "minutes", "no", "level", "size", "rank"),
    "number": ("kg", "km", "rate", "price", "cm", "score", "amount", "ratio"),
    "boolean": ("flag", "ok", "active", "required", "enabled"),
    "date": ("date", "on", "day", "due"),
    "date-time": ("at", "time", "timestamp"),
    "enum": ("status", "state", "kind", "mode", "type", "class"),
}


def invented_field_name(rng: random.Random, split: Split, kind: str) -> str:
    """A field name with one or two invented words, sometimes with a suffix that hints at ``kind``."""
    words = [invented_word(rng, split) for _ in range(rng.choice((1, 1, 1, 2)))]
    if kind == "boolean" and rng.random() < 0.3:
        words.insert(0, rng.choice(("is", "has")))
    elif rng.random() < 0.45:
        words.append(rng.choice(SUFFIXES[kind]))
    style = rng.random()
    if style < 0.85 or len(words) == 1:
        return "_".join(words)
    if style < 0.95:
        return words[0] + "".join(word.capitalize() for word in words[1:])
    return "-".join(words)
