// Times @digitalbazaar/vc for `make bench`: a line of JSON in, a line of JSON out, until the input ends.
// In: {do: "sign" | "verify", credential, seed (hex), verificationMethod, created, times}. Out: {seconds, result}, the
// CPU time of all `times` together.

import {createInterface} from 'node:readline';
import {documentLoader} from './loader.mjs';

const {DataIntegrityProof} = await import('@digitalbazaar/data-integrity');
const Ed25519Multikey = await import('@digitalbazaar/ed25519-multikey');
const {cryptosuite} = await import('@digitalbazaar/eddsa-rdfc-2022-cryptosuite');
const vc = await import('@digitalbazaar/vc');

async function sign({credential, seed, verificationMethod, created, times}) {
  const controller = verificationMethod.split('#')[0];
  const key = await Ed25519Multikey.generate({seed: Buffer.from(seed, 'hex'), id: verificationMethod, controller});
  let result;
  const before = process.cpuUsage();
  for(let n = 0; n < times; n++) {
    const suite = new DataIntegrityProof({signer: key.signer(), date: created, cryptosuite});
    result = await vc.issue({credential, suite, documentLoader});
  }
  return {seconds: seconds(before), result};
}

async function verify({credential, times}) {
  let result;
  const before = process.cpuUsage();
  for(let n = 0; n < times; n++) {
    const suite = new DataIntegrityProof({cryptosuite});
    result = await vc.verifyCredential({credential, suite, documentLoader});
  }
  return {seconds: seconds(before), result: result.verified};
}

function seconds(before) {
  const {user, system} = process.cpuUsage(before);
  return (user + system) / 1e6;
}

for await (const line of createInterface({input: process.stdin})) {
  const request = JSON.parse(line);
  const answer = request.do === 'sign' ? await sign(request) : await verify(request);
  process.stdout.write(JSON.stringify(answer) + '\n');
}
