// Asks the language server of VS Code's YAML extension what an editor would show.
//
//   node ask.cjs PACKAGE <questions.json >answers.json
//
// PACKAGE is the folder of the installed npm package yaml-language-server. A question is
// {path, text, ask: "complaints" | "completion" | "hover", line, character}, places counted
// from 0, and has a path of its own; the answers come in the order of the questions.
'use strict';
const path = require('node:path');
const { pathToFileURL } = require('node:url');
const { spawn } = require('node:child_process');

const home = process.argv[2];
const rpc = require(require.resolve('vscode-jsonrpc/node', { paths: [home] }));
const questions = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));

const server = spawn(process.execPath, [path.join(home, 'bin', 'yaml-language-server'), '--stdio'], { stdio: ['pipe', 'pipe', 'inherit'] });
const line = rpc.createMessageConnection(new rpc.StreamMessageReader(server.stdout), new rpc.StreamMessageWriter(server.stdin));

// What the extension is set to where nobody has set anything, less the schema store: that is
// on the network, and none of our files is in it.
const settings = { yaml: { validate: true, hover: true, completion: true, schemaStore: { enable: false } } };
line.onRequest('workspace/configuration', ({ items }) => items.map(({ section }) => settings[section] ?? {}));
line.onRequest('client/registerCapability', () => null);

const waiting = new Map(); // address of a file -> who waits for its complaints
line.onNotification('textDocument/publishDiagnostics', ({ uri, diagnostics }) => waiting.get(uri)?.(diagnostics));

async function main() {
  line.listen();
  await line.sendRequest('initialize', {
    processId: process.pid,
    rootUri: null,
    capabilities: {
      textDocument: {
        completion: { completionItem: { snippetSupport: true, documentationFormat: ['markdown', 'plaintext'] } },
        hover: { contentFormat: ['markdown', 'plaintext'] },
      },
      workspace: { configuration: true, didChangeConfiguration: { dynamicRegistration: true } },
    },
  });
  await line.sendNotification('initialized', {});
  process.stdout.write(JSON.stringify(await Promise.all(questions.map(answer))));
  await line.sendRequest('shutdown');
  server.kill();
  line.dispose();
}

async function answer({ path: file, text, ask, line: at, character }) {
  const uri = pathToFileURL(file).href;
  const complaints = new Promise((resolve) => waiting.set(uri, resolve));
  await line.sendNotification('textDocument/didOpen', { textDocument: { uri, languageId: 'yaml', version: 1, text } });
  const place = { textDocument: { uri }, position: { line: at ?? 0, character: character ?? 0 } };
  if (ask === 'complaints') {
    return { complaints: (await complaints).map((d) => `${d.range.start.line + 1}: ${d.message}`) };
  }
  if (ask === 'completion') {
    const { items } = await line.sendRequest('textDocument/completion', place);
    return { offers: items.map((i) => ({ label: i.label, text: i.insertText ?? i.textEdit?.newText ?? '', says: i.documentation?.value ?? i.documentation ?? '' })) };
  }
  const hover = await line.sendRequest('textDocument/hover', place);
  return { hover: hover?.contents?.value ?? '' };
}

main().catch((err) => {
  console.error(err);
  process.exit(1);
});
