// Asks the service: with a key, where one was given, and again where it is busy or does not answer.

const MOST_WAIT_S = 30;
let key = "";

/** Keep an API key, in this page's memory alone. */
export function useKey(given) {
  key = given;
}

/** What the service says where it answers nothing: the HTTP status, 0 where there was no answer at all. */
export class Refused extends Error {
  constructor(status, { error = "", error_type: type = "", limit } = {}, retryAfter = null) {
    super(error);
    Object.assign(this, { status, type, limit, seconds: Number(retryAfter) || null });
  }

  /** Whether the same request may be answered later. */
  get passes() {
    return [0, 429, 502, 503, 504].includes(this.status);
  }
}

/** Return the answer to a GET of `path`, or to a POST where there is a `body`. */
export async function ask(path, body, signal) {
  const headers = { "Content-Type": "application/json", ...(key && { Authorization: `Bearer ${key}` }) };
  const options = body ? { method: "POST", body: JSON.stringify(body) } : {};
  let response, answer;
  try {
    response = await fetch(path, { ...options, headers, signal, cache: "no-store" });
    answer = await response.json();
  } catch (error) {
    if (signal?.aborted) throw signal.reason;
    throw new Refused(response && !response.ok ? response.status : 0);
  }
  if (response.ok) return answer;
  throw new Refused(response.status, answer, response.headers.get("Retry-After"));
}

/** Ask until there is an answer, `tries` times at most, and tell `onWait` of each wait: the seconds and the reason. */
export async function askPatiently(path, body, { signal, onWait, tries = Infinity }) {
  for (let tried = 1; ; tried += 1) {
    try {
      return await ask(path, body, signal);
    } catch (error) {
      if (!(error instanceof Refused && error.passes) || tried >= tries) throw error;
      const seconds = error.seconds ?? Math.min(2 ** (tried - 1), MOST_WAIT_S);
      onWait(seconds, error);
      await pause(seconds, signal);
    }
  }
}

/** Wait, unless `signal` says that nobody waits any more. */
export function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const timer = setTimeout(resolve, seconds * 1000);
    signal?.addEventListener("abort", () => (clearTimeout(timer), reject(signal.reason)), { once: true });
  });
}
