"""Any JSON object that a class of the model reads, derived from the class itself.

Members come in any order, optional ones or not, and between them terms that nobody knows: some spelled like
what Python calls the fields and methods of the class.
"""

from __future__ import annotations

import types
from functools import cache
from typing import Annotated, Any, Union, get_args, get_origin

from hypothesis import strategies as st

from openbadges_kit.model.json_object import JsonObjectModel

JsonObject = dict[str, Any]

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
integers, floats = st.integers(-(2**53), 2**53), st.floats(allow_nan=False, allow_infinity=False)
numbers = integers | floats
json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(texts, inner, max_size=2),
    max_leaves=4,
)
python_names = st.sampled_from(
    ["target_name", "context", "model_fields", "to_json", "_members", "__class__", "valid_from", "self", "copy"]
)
unknown_terms = st.dictionaries(texts | python_names, json_values, max_size=2)


@cache
def documents_of(model: type[JsonObjectModel]) -> st.SearchStrategy[JsonObject]:
    """JSON objects that `model` reads."""
    return st.deferred(lambda: _documents_of(model))


def _documents_of(model: type[JsonObjectModel]) -> st.SearchStrategy[JsonObject]:
    model.model_rebuild()
    required: dict[str, st.SearchStrategy[Any]] = {}
    optional: dict[str, st.SearchStrategy[Any]] = {}
    for name, field in model.model_fields.items():
        annotation = Annotated[field.annotation, *field.metadata] if field.metadata else field.annotation
        (required if field.is_required() else optional)[field.alias or name] = values_of(annotation)

    @st.composite
    def documents(draw: st.DrawFn) -> JsonObject:
        chosen = draw(st.lists(st.sampled_from(sorted(optional)), unique=True, max_size=3)) if optional else []
        document = {member: draw(strategy) for member, strategy in required.items()}
        document |= {member: draw(optional[member]) for member in chosen}
        for member, value in draw(unknown_terms).items():
            document.setdefault(member, value) if member not in required | optional else None
        return {member: document[member] for member in draw(st.permutations(list(document)))}

    return documents()


def values_of(annotation: Any) -> st.SearchStrategy[Any]:
    """JSON values that a field of this type reads."""
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return values_of(arguments[0])
    if origin in {Union, types.UnionType}:
        return st.one_of([values_of(argument) for argument in arguments])
    if origin is list:
        return st.lists(values_of(arguments[0]), max_size=2)
    if origin is dict:
        return st.dictionaries(texts, json_values, max_size=2)
    if isinstance(annotation, type) and issubclass(annotation, JsonObjectModel):
        return documents_of(annotation)
    return {
        str: texts,
        int: integers,
        float: floats,
        bool: st.booleans(),
        type(None): st.none(),
        Any: json_values,
    }[annotation]
