"""Talks with a running `dramatis serve` through OpenAI's client for Python: pip install openai.

    python3 bench/openai-client.py http://127.0.0.1:4870 smollm2-135m hamlet@1.2
"""

import sys

from openai import BadRequestError, NotFoundError, OpenAI

address, bare, character = sys.argv[1:4]
client = OpenAI(base_url=f"{address}/v1", api_key="none", max_retries=0)
question = [{"role": "user", "content": "Who are you?"}]

models = [model.id for model in client.models.list()]
assert bare in models, models

whole = client.chat.completions.create(model=character, messages=question, seed=3)
said = whole.choices[0].message.content
assert said and whole.usage.completion_tokens > 0
print("whole:   ", said)

pieces, usage = [], None
stream = client.chat.completions.create(
    model=character, messages=question, seed=3, stream=True, stream_options={"include_usage": True}
)
for chunk in stream:
    usage = chunk.usage or usage
    pieces += [choice.delta.content or "" for choice in chunk.choices]
assert "".join(pieces) == said, pieces
assert usage.completion_tokens == whole.usage.completion_tokens
print("streamed:", "".join(pieces))

odds = client.chat.completions.create(
    model=bare, messages=question, max_tokens=4, temperature=0, logprobs=True, top_logprobs=2
).choices[0].logprobs.content
assert len(odds) == 4 and all(len(one.top_logprobs) == 2 and one.logprob <= 0 for one in odds)

echoed = client.completions.create(
    model=bare, prompt=["The king", "A ghost"], max_tokens=1, echo=True, logprobs=1, temperature=0
)
assert [choice.text[:3] for choice in echoed.choices] == ["The", "A g"]

schema = {"type": "object", "properties": {"name": {"type": "string", "maxLength": 12}},
          "required": ["name"], "additionalProperties": False}
answer = client.chat.completions.create(
    model=bare, messages=question, max_tokens=60, seed=1,
    response_format={"type": "json_schema", "json_schema": {"name": "who", "schema": schema}},
)
print("schema:  ", answer.choices[0].message.content)

vector = client.embeddings.create(model="minilm", input=["to be", "or not"]).data
assert len(vector) == 2 and len(vector[0].embedding) == 384

for wrong, expected in [
    ({"model": "hamelt"}, NotFoundError),
    ({"model": bare, "temperature": 9}, BadRequestError),
    ({"model": bare, "tools": [{"type": "function", "function": {"name": "f"}}]}, BadRequestError),
]:
    try:
        client.chat.completions.create(messages=question, **wrong)
        raise AssertionError(f"{wrong} was not refused")
    except expected as error:
        print("refused: ", error.body["message"])
print("all as it should be")
