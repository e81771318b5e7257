"""What public chat templates make of a talk of two turns: the rows of models/templates.json.

    pip install jinja2 && python bench/public-templates.py FOLDER > models/templates.json

FOLDER holds *.jinja files, such as models/templates of llama.cpp. Thinking is switched off where a template can; <EOS>
stands for the token that ends a text. Of what stands before the first message the last 80 characters are kept.
"""

import hashlib
import json
import pathlib
import re
import sys

from jinja2 import TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

TURNS = [("user", "Who goes there?"), ("assistant", "A friend."), ("user", "Whither?")]

# What templates call the switch of thinking.
SWITCHES = ["enable_thinking", "thinking", "reasoning"]


def refuse(message):
    raise TemplateError(message)


def render(source):
    environment = ImmutableSandboxedEnvironment(
        trim_blocks=True, lstrip_blocks=True, extensions=["jinja2.ext.loopcontrols"]
    )
    environment.globals.update(raise_exception=refuse, strftime_now=lambda _: "2026-01-01")
    environment.filters["tojson"] = lambda value, **_: json.dumps(value, ensure_ascii=False)
    # A mark of what is to be learnt, which writes nothing.
    source = re.sub(r"\{%-?\s*(end)?generation\s*-?%\}", "", source)
    return environment.from_string(source).render(
        messages=[{"role": role, "content": text} for role, text in TURNS],
        add_generation_prompt=True,
        **{switch: False for switch in SWITCHES},
        bos_token="<BOS>",
        eos_token="<EOS>",
        functions="",
        datetime="",
    )


rows = []
for file in sorted(pathlib.Path(sys.argv[1]).glob("*.jinja")):
    source = file.read_text(encoding="utf-8")
    try:
        text = render(source)
    except Exception as error:  # a template that wants more than messages
        print(f"{file.name}: {error}", file=sys.stderr)
        continue
    start = max(0, text.find(TURNS[0][1]) - 80)
    rows.append(
        {
            "name": file.stem,
            "sha256": hashlib.sha256(source.encode()).hexdigest(),
            "twoTurns": text[start:],
        }
    )
json.dump({"turns": [text for _, text in TURNS], "templates": rows}, sys.stdout, ensure_ascii=False, indent=1)
print()
