// Starts emulate's GitHub on this machine's own address, at a port that the kernel gives, so
// that none is taken already, and prints its address once it answers.
//
//   node start.mjs NODE_MODULES SEED

import { readFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [modules, seed] = process.argv.slice(2);
const load = (file) => import(pathToFileURL(join(modules, file)));

const { createEmulator } = await load("emulate/dist/api.js");
const { parse } = await load("yaml/dist/index.js");

const hostname = "127.0.0.1";
const github = await createEmulator({ service: "github", hostname, port: 0, seed: parse(readFileSync(seed, "utf8")) });
process.stdout.write(`http://${hostname}:${new URL(github.url).port}\n`);
console.log = console.error; // whoever started this has read what was to be read
