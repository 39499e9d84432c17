// express-pouchdb with as little around the database as it offers: node server.cjs <port> <folder>

const express = require('express');
const pouch = require('pouchdb');

const [port, folder] = process.argv.slice(2);
const app = express();
app.use('/', require('express-pouchdb')(pouch.defaults({ prefix: `${folder}/` }), {
  mode: 'minimumForPouchDB',
  inMemoryConfig: true,
  logPath: `${folder}/log.txt`,
}));
app.listen(Number(port), '127.0.0.1');
