"""Makes src/gguf/minilm-reference.json: what the reference implementation makes of twenty sentences.

    pip install sentence-transformers && python bench/minilm-reference.py FOLDER_OF_THE_MODEL

Development only: Dramatis itself never runs Python. The folder is that of all-MiniLM-L6-v2, with
model.safetensors, vocab.txt and config.json. The sentences are invented, and chosen to exercise the
tokenizer: accents, capitals, punctuation, long words, numbers, a word it does not know.
"""

import json
import sys
from pathlib import Path

from sentence_transformers import SentenceTransformer

SENTENCES = [
    "The lantern swings, and every shadow takes a side.",
    "Who goes there, so late upon the harbour wall?",
    "I never loved the orchard, only the girl who slept in it.",
    "A crown of paper burns as well as one of gold.",
    "Speak softly, cousin; the walls have lately learned to listen.",
    "My father's ghost would laugh to see me afraid of candles.",
    "Bring wine, bring bread, and bring the man who lied to me.",
    "The café in the square stays open until midnight.",
    "Naïve hearts, coöperating, brought the façade down.",
    "WHY DO YOU SHOUT, OLD FRIEND? I STAND BESIDE YOU.",
    "There were 1,604 sailors, 37 cannons and 3 biscuits left.",
    "Antidisestablishmentarianism is an uncomfortably long word.",
    "No.",
    "Exit, pursued by creditors -- and by a rather small dog!",
    "The quarterly report shows revenue growing by twelve percent.",
    "Photosynthesis turns light, water and carbon dioxide into sugar.",
    "If thou must leave, then leave before the tide; if thou must stay, stay for the whole of the winter.",
    "Qwrtzplk is not a word in any language that I know.",
    "Tell the queen: the bridge is down; the ford is deep; the horses will not swim.",
    "He forgave everyone, which nobody could forgive. It rained. The gravedigger, whistling, went home to "
    "his supper, and the bell in the tower counted the hours as though they were coins owed to someone else.",
]


def main() -> None:
    model = SentenceTransformer(sys.argv[1], device="cpu")
    vectors = model.encode(SENTENCES, normalize_embeddings=True)
    # The numbers as one text: a formatter would give each of the 7,680 a line of its own.
    rows = [
        {"sentence": sentence, "embedding": " ".join(f"{x:.5f}" for x in vector)}
        for sentence, vector in zip(SENTENCES, vectors)
    ]
    text = json.dumps(rows, ensure_ascii=False, indent=2)
    Path("src/gguf/minilm-reference.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main()
