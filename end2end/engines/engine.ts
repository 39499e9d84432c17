// What the critical path needs of a browser, whichever engine it is.

export interface Engine {
  readonly name: string;
  open(url: string): Promise<void>;
  reload(): Promise<void>;
  click(selector: string): Promise<void>;
  /** Types into a field as a keyboard does. */
  type(selector: string, text: string): Promise<void>;
  /** Runs the body of a function in the page; it may be asked for JSON only. */
  run<T>(body: string): Promise<T>;
  close(): Promise<void>;
}

const WAITS_MS = 20_000;

export const testId = (name: string) => `[data-testid="${name}"]`;

/** Waits until an element has this very attribute; fails with what it had instead. */
export async function hasAttribute(engine: Engine, selector: string, name: string, value: string): Promise<void> {
  const read = `return document.querySelector(${JSON.stringify(selector)})?.getAttribute(${JSON.stringify(name)}) ?? null;`;
  await becomes(engine, `${selector} ${name}`, read, value);
}

/** Waits until an element says exactly this. */
export async function says(engine: Engine, selector: string, text: string): Promise<void> {
  await becomes(engine, selector, `return document.querySelector(${JSON.stringify(selector)})?.textContent?.trim() ?? null;`, text);
}

async function becomes(engine: Engine, what: string, body: string, wanted: string): Promise<void> {
  const deadline = Date.now() + WAITS_MS;
  for (;;) {
    const found = await engine.run<string | null>(body).catch((error: Error) => `(${error.message})`);
    if (found === wanted) return;
    if (Date.now() > deadline) throw new Error(`${engine.name}: ${what} is ${JSON.stringify(found)}, not ${JSON.stringify(wanted)}`);
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
}
