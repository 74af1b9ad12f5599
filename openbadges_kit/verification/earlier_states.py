"""Proofs made when a context, under the same URL, was another document than it is today.

1EdTech added terms to context 3.0.3 in 2026 without giving it a new URL. A badge signed before may define those
terms for itself, and then means something only under the earlier state. `contexts/README.md` has both.
"""

from __future__ import annotations

from functools import cache

from openbadges_kit.documents import JsonObject, as_list, members
from openbadges_kit.errors import OpenBadgesError, ProofTransformationError, ProofVerificationError, UnmappedTerms
from openbadges_kit.jsonld.bundle import bundled_context, bundled_urls, earlier_context
from openbadges_kit.jsonld.context_store import ContextStore
from openbadges_kit.keys.public_key import PublicKey
from openbadges_kit.proof.data_integrity import cryptosuite_of, verify_proof

__all__ = ["verify_under_any_state"]


def verify_under_any_state(
    document: JsonObject,
    *,
    proof: JsonObject,
    public_key: PublicKey,
    contexts: ContextStore,
    canonical_nquads: bytes | None = None,
) -> bool:
    """Verify a proof like `verify_proof`, and say whether it holds only under an earlier state of a context.

    Raises like `verify_proof`, with what is wrong under the contexts as they are now.
    """
    try:
        verify_proof(document, proof=proof, public_key=public_key, contexts=contexts, canonical_nquads=canonical_nquads)
    except (ProofVerificationError, ProofTransformationError, UnmappedTerms) as error:
        if not _may_differ(document, proof, error):
            raise
        try:
            verify_proof(document, proof=proof, public_key=public_key, contexts=contexts.with_earlier_states())
        except OpenBadgesError:
            raise error from None
        return True
    return False


def _may_differ(document: JsonObject, proof: JsonObject, error: OpenBadgesError) -> bool:
    """Could the earlier state change anything? Asked, because the answer costs a canonicalisation of the whole."""
    # A suite over JSON reads no contexts.
    if cryptosuite_of(proof).keeps_context:
        return False
    changed: set[str] = set()
    for step, value in members(document):
        if step == "@context":
            changed.update(*(_changed_terms(url) for url in as_list(value) if isinstance(url, str)))
    if not changed:
        return False
    # Two contexts that define one term differently cannot be processed, whether the document uses the term or not.
    return isinstance(error, ProofTransformationError) or any(step in changed for step, _ in members(document))


@cache
def _changed_terms_of(url: str) -> frozenset[str]:
    now, then = (document["@context"] for document in (bundled_context(url), earlier_context(url)))
    return frozenset(term for term in now.keys() | then.keys() if now.get(term) != then.get(term))


def _changed_terms(url: str) -> frozenset[str]:
    return _changed_terms_of(url) if url in bundled_urls("earlierStates") else frozenset()
