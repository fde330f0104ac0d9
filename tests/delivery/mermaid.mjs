// Reads texts, one JSON string a line, and answers for each: what real Mermaid makes of it.
import { createRequire } from "node:module";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const require = createRequire(`${process.env.MODULES}/none.js`);
const { JSDOM } = require("jsdom");
const { window } = new JSDOM("<!doctype html><body></body>", { pretendToBeVisual: true });
globalThis.window = window;
globalThis.document = window.document;
const path = `${process.env.MODULES}/mermaid/dist/mermaid.core.mjs`;
const { default: mermaid } = await import(pathToFileURL(path).href);
mermaid.initialize({ startOnLoad: false, securityLevel: "strict" });

for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    const { diagramType } = await mermaid.parse(JSON.parse(line));
    const { db } = await mermaid.mermaidAPI.getDiagramFromText(JSON.parse(line));
    answer = {
      type: diagramType,
      nodes: [...db.getVertices().values()].map((each) => each.text),
      edges: db.getEdges().length,
      groups: db.getSubGraphs().map((each) => each.title),
    };
  } catch (error) {
    answer = { error: String(error.message ?? error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
