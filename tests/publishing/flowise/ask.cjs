// Asks with the unchanged flowise-sdk: argv holds its folder, and a JSON object {baseUrl, apiKey, ask}. Prints what came.
const { FlowiseClient } = require(process.argv[2]);
const { baseUrl, apiKey, ask } = JSON.parse(process.argv[3]);

(async () => {
  const client = new FlowiseClient({ baseUrl, apiKey });
  const answer = await client.createPrediction(ask);
  if (!answer[Symbol.asyncIterator]) return answer;
  const events = [];
  for await (const event of answer) events.push(event);
  return events;
})().then(
  (came) => console.log(JSON.stringify(came)),
  (error) => console.log(JSON.stringify({ thrown: error.message })),
);
