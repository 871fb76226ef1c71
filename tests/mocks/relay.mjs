// openai-api-mock answers inside a Node process what would go to api.openai.com. This makes
// a server of it: what comes in on $PORT is asked there, and comes back as it is.
import { createServer } from 'node:http';
import { mockOpenAIResponse } from 'openai-api-mock';

mockOpenAIResponse(true, { seed: 7 });

createServer(async (incoming, outgoing) => {
  const parts = [];
  for await (const part of incoming) parts.push(part);
  const body = Buffer.concat(parts).toString();
  if (incoming.method === 'GET') return outgoing.end('ready');
  const answer = await fetch(`https://api.openai.com${incoming.url}`, {
    method: incoming.method,
    headers: {
      'content-type': 'application/json',
      authorization: incoming.headers.authorization ?? 'Bearer none',
    },
    body,
  });
  const streamed = JSON.parse(body).stream === true;
  // The mock itself sends no such header.
  outgoing.writeHead(answer.status, {
    'content-type': streamed ? 'text/event-stream' : 'application/json',
  });
  for await (const chunk of answer.body) outgoing.write(chunk);
  outgoing.end();
}).listen(Number(process.env.PORT), '127.0.0.1');
