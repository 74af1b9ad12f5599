// VC-JWTs with jose. In: {verify: [{token, jwk}], sign: [{payload, header, jwk (private)}]}. Out: the same, answered.

import {input, output} from './offline.mjs';

const {CompactSign, compactVerify, importJWK} = await import('jose');

const {verify, sign} = input();
output({
  verify: await Promise.all(verify.map(async ({token, jwk}) => {
    try {
      const {payload, protectedHeader} = await compactVerify(token, await importJWK(jwk, protectedAlgorithm(jwk)));
      return {verified: true, header: protectedHeader, payload: JSON.parse(new TextDecoder().decode(payload))};
    } catch(error) {
      return {verified: false, error: error.code ?? String(error)};
    }
  })),
  sign: await Promise.all(sign.map(async ({payload, header, jwk}) =>
    new CompactSign(new TextEncoder().encode(JSON.stringify(payload)))
      .setProtectedHeader(header).sign(await importJWK(jwk, header.alg)))),
});

// The key says which algorithm it is for; the token does not choose.
function protectedAlgorithm({crv}) {
  return {'Ed25519': 'EdDSA', 'P-256': 'ES256', 'P-384': 'ES384'}[crv];
}
