// The reference of bench_pouchdb.py: an express-pouchdb server, and a PouchDB that replicates to it.
//
//   node pouchdb.js serve FOLDER                   prints its port, serves until it is ended
//   node pouchdb.js replicate FOLDER FILE URL      prints milliseconds, for documents of a file
//                                                  that has one as JSON in each line
"use strict";

const fs = require("fs");
const PouchDB = require("pouchdb");

const BATCH = 500;
const [, , what, folder, file, url] = process.argv;
const Local = PouchDB.defaults({ prefix: folder + "/" });

function serve() {
  const app = require("express")();
  const options = { inMemoryConfig: true, logPath: folder + "/log.txt" };
  app.use("/", require("express-pouchdb")(Local, options));
  const server = app.listen(0, "127.0.0.1", () => console.log(server.address().port));
}

async function replicate() {
  const lines = fs.readFileSync(file, "utf8").split("\n").filter(Boolean);
  const db = new Local("counter");
  for (let start = 0; start < lines.length; start += BATCH) {
    await db.bulkDocs(lines.slice(start, start + BATCH).map((line) => JSON.parse(line)));
  }
  const began = process.hrtime.bigint();
  const done = await db.replicate.to(new PouchDB(url), { batch_size: BATCH });
  const taken = Number(process.hrtime.bigint() - began) / 1e6;
  if (!done.ok || done.docs_written !== lines.length) {
    throw new Error(JSON.stringify(done));
  }
  console.log(taken);
  process.exit(0);
}

if (what === "serve") {
  serve();
} else {
  replicate();
}
