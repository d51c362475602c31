import { connect, type Socket } from 'node:net';

// Somebody who sends bad tokens at a steady rate, in a process of its own: what that costs is not the server's. It
// answers its parent when the flood has begun, and with what was refused when it is told to stop.

export interface Flood {
  port: number;
  origin: string;
  /** Requests a second. */
  rate: number;
  bearer: string;
}

export interface Flooded {
  /** Answers of 401. */
  refused: number;
  seconds: number;
}

const CONNECTIONS = 20;
const TICK_MS = 5;

// A parent that fails must not leave a flood behind.
process.on('disconnect', () => process.exit(0));

let end: (() => Flooded) | undefined;

process.on('message', (message: Flood | 'stop') => {
  if (message === 'stop') process.send?.(end?.());
  else
    void begin(message).then((stop) => {
      end = stop;
      process.send?.('begun');
    });
});

async function begin({ port, origin, rate, bearer }: Flood): Promise<() => Flooded> {
  let refused = 0;
  const sockets = await Promise.all(Array.from({ length: CONNECTIONS }, () => open(port)));
  for (const socket of sockets)
    socket.on('data', (data) => {
      refused += data.toString('latin1').split('HTTP/1.1 401').length - 1;
    });
  const head = ['POST /chatkit HTTP/1.1', 'Host: localhost', `Origin: ${origin}`, `Authorization: Bearer ${bearer}`];
  const request = [...head, 'Content-Type: application/json', 'Content-Length: 2', '', '{}'].join('\r\n');
  const started = performance.now();
  let asked = 0;
  let sent = 0;
  let ticks = 0;
  const timer = setInterval(() => {
    // By the clock and not by the tick: a timer that comes late makes up for it. A tenth of a second's worth may be
    // unanswered: a server that cannot keep up is shown by the count, not by a queue that grows until nothing is left.
    const due = Math.floor(((performance.now() - started) / 1_000) * rate) - asked;
    const count = Math.min(due, Math.floor(rate / 10) - (sent - refused));
    asked += due;
    if (count <= 0) return;
    sent += count;
    // In one piece, on one connection after the other: sending would take as much of this machine as answering.
    sockets[ticks++ % CONNECTIONS]?.write(request.repeat(count));
  }, TICK_MS);
  return () => {
    clearInterval(timer);
    for (const socket of sockets) socket.destroy();
    return { refused, seconds: (performance.now() - started) / 1_000 };
  };
}

function open(port: number): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket)).on('error', reject);
  });
}
